// The contract of the state tree: roots, proofs and their verification.

export { type ProofVerdict, pathOf, type StateProof, verifyProof } from "./proof.ts";
export { type LeafChange, pageChanges, prove, type ReadPage, StateTree, type TreeUpdate } from "./tree.ts";
