;; A function of numbers. Its args are a JSON array, [2, 3], and its result becomes the return data: 5.

(module
  (func (export "add") (param $left i32) (param $right i32) (result i32)
    (i32.add (local.get $left) (local.get $right))))
