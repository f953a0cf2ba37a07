// What a pod of ours may do: the user of the image, nothing to write to but its volumes, and all that the Pod Security
// Standard "restricted" asks for.

import { type IStatefulSet, type Manifest, ofKind, podSpecOf, titleOf } from "./manifests.ts";

/** The user and group `nonroot` of distroless images. */
export const IMAGE_USER = 65_532;

/** What has to hold, each with the words for where it does not. */
function expectationsOf(set: IStatefulSet): readonly (readonly [boolean | undefined, string])[] {
  const spec = podSpecOf(set);
  const { securityContext: pod } = spec;
  return [
    [pod?.runAsNonRoot, "runAsNonRoot is not true"],
    [pod?.runAsUser === IMAGE_USER, `runAsUser is not ${IMAGE_USER}`],
    [pod?.runAsGroup === IMAGE_USER, `runAsGroup is not ${IMAGE_USER}`],
    [pod?.fsGroup === IMAGE_USER, `fsGroup is not ${IMAGE_USER}`],
    [pod?.fsGroupChangePolicy === "OnRootMismatch", "fsGroupChangePolicy is not OnRootMismatch"],
    [pod?.seccompProfile?.type === "RuntimeDefault", "the seccomp profile is not RuntimeDefault"],
    [spec.enableServiceLinks === false, "enableServiceLinks is not false"],
    [spec.automountServiceAccountToken === false, "automountServiceAccountToken is not false"],
    [!(spec.hostNetwork || spec.hostPID || spec.hostIPC), "it shares a namespace of its machine"],
    [(spec.terminationGracePeriodSeconds ?? 0) >= 10, "terminationGracePeriodSeconds is less than 10"],
    ...spec.containers.flatMap(({ name, securityContext, resources }) => {
      const { allowPrivilegeEscalation, readOnlyRootFilesystem, capabilities, privileged } = securityContext ?? {};
      return [
        [allowPrivilegeEscalation === false, `${name} may escalate its privileges`],
        [readOnlyRootFilesystem, `the root file system of ${name} is not read-only`],
        [capabilities?.drop?.includes("ALL") && capabilities.add === undefined, `${name} keeps capabilities`],
        [privileged !== true, `${name} is privileged`],
        [resources?.requests?.cpu !== undefined, `${name} requests no cpu`],
        [resources?.requests?.memory !== undefined, `${name} requests no memory`],
        [resources?.limits?.memory !== undefined, `${name} has no limit of memory`],
      ] as const;
    }),
  ];
}

export function checkSecurity(manifests: readonly Manifest[]): readonly string[] {
  return ofKind(manifests, "StatefulSet").flatMap((set) =>
    expectationsOf(set)
      .filter(([holds]) => holds !== true)
      .map(([, words]) => `${titleOf(set)}: ${words}`),
  );
}
