// Runs the tasks of one key one after the other, in the order of their coming, and those of different keys side by side.

export interface SerialQueue<Key> {
  /** Undefined when the key has as many unfinished tasks as it may have. */
  run<Value>(key: Key, task: () => Promise<Value>): Promise<Value> | undefined;
}

export function createSerialQueue<Key>(options: { taskCountMaxPerKey: number }): SerialQueue<Key> {
  const lanes = new Map<Key, { tail: Promise<unknown>; count: number }>();
  return {
    run(key, task) {
      const lane = lanes.get(key) ?? { tail: Promise.resolve(), count: 0 };
      if (lane.count === options.taskCountMaxPerKey) return undefined;
      lanes.set(key, lane);
      lane.count++;
      const result = lane.tail.then(task).finally(() => {
        lane.count--;
        if (lane.count === 0) lanes.delete(key);
      });
      // The next task starts whether or not this one failed; its caller hears of the failure.
      lane.tail = result.catch(() => undefined);
      return result;
    },
  };
}
