"""The fields of batch/v1 and v1 that a Job may have, with their types, and the rules that the API server checks.

A field that is not here is refused, as with `fieldValidation=Strict`. The names are those of the published API, and only of
its parts that are of use for Jobs.
"""

import re

STRING, INTEGER, BOOLEAN = str, int, bool


class Map:
    """A mapping from any text to values of one type."""

    def __init__(self, value):
        self.value = value


METADATA = {
    "name": STRING, "generateName": STRING, "namespace": STRING, "labels": Map(STRING), "annotations": Map(STRING),
    "finalizers": [STRING], "creationTimestamp": STRING, "uid": STRING, "resourceVersion": STRING,
}
QUANTITY = "quantity"
RESOURCES = {"limits": Map(QUANTITY), "requests": Map(QUANTITY), "claims": [{"name": STRING, "request": STRING}]}
KEY = {"name": STRING, "key": STRING, "optional": BOOLEAN}
VARIABLE = {
    "name": STRING, "value": STRING,
    "valueFrom": {
        "secretKeyRef": KEY, "configMapKeyRef": KEY, "fieldRef": {"apiVersion": STRING, "fieldPath": STRING},
    },
}
CAPABILITIES = {"add": [STRING], "drop": [STRING]}
SECCOMP = {"type": STRING, "localhostProfile": STRING}
CONTAINER = {
    "name": STRING, "image": STRING, "command": [STRING], "args": [STRING], "workingDir": STRING, "env": [VARIABLE],
    "resources": RESOURCES, "imagePullPolicy": STRING, "terminationMessagePath": STRING,
    "terminationMessagePolicy": STRING, "stdin": BOOLEAN, "stdinOnce": BOOLEAN, "tty": BOOLEAN,
    "volumeMounts": [{
        "name": STRING, "mountPath": STRING, "readOnly": BOOLEAN, "subPath": STRING, "subPathExpr": STRING,
        "mountPropagation": STRING,
    }],
    "securityContext": {
        "allowPrivilegeEscalation": BOOLEAN, "capabilities": CAPABILITIES, "privileged": BOOLEAN,
        "readOnlyRootFilesystem": BOOLEAN, "runAsUser": INTEGER, "runAsGroup": INTEGER, "runAsNonRoot": BOOLEAN,
        "seccompProfile": SECCOMP, "procMount": STRING,
    },
}
TOLERATION = {
    "key": STRING, "operator": STRING, "value": STRING, "effect": STRING, "tolerationSeconds": INTEGER,
}
POD_SPEC = {
    "activeDeadlineSeconds": INTEGER, "automountServiceAccountToken": BOOLEAN, "containers": [CONTAINER],
    "initContainers": [CONTAINER], "dnsPolicy": STRING, "enableServiceLinks": BOOLEAN, "hostUsers": BOOLEAN,
    "hostNetwork": BOOLEAN, "hostPID": BOOLEAN, "imagePullSecrets": [{"name": STRING}], "nodeName": STRING,
    "nodeSelector": Map(STRING), "priorityClassName": STRING, "restartPolicy": STRING, "runtimeClassName": STRING,
    "schedulerName": STRING, "serviceAccountName": STRING, "shareProcessNamespace": BOOLEAN,
    "securityContext": {
        "fsGroup": INTEGER, "runAsUser": INTEGER, "runAsGroup": INTEGER, "runAsNonRoot": BOOLEAN,
        "seccompProfile": SECCOMP, "supplementalGroups": [INTEGER], "fsGroupChangePolicy": STRING,
    },
    "terminationGracePeriodSeconds": INTEGER, "tolerations": [TOLERATION],
    "volumes": [{
        "name": STRING, "emptyDir": {"medium": STRING, "sizeLimit": QUANTITY},
        "secret": {"secretName": STRING, "optional": BOOLEAN},
        "persistentVolumeClaim": {"claimName": STRING, "readOnly": BOOLEAN},
    }],
}
RULE = {
    "action": STRING,
    "onExitCodes": {"containerName": STRING, "operator": STRING, "values": [INTEGER]},
    "onPodConditions": [{"type": STRING, "status": STRING}],
}
JOB = {
    "apiVersion": STRING, "kind": STRING, "metadata": METADATA,
    "spec": {
        "activeDeadlineSeconds": INTEGER, "backoffLimit": INTEGER, "backoffLimitPerIndex": INTEGER,
        "completionMode": STRING, "completions": INTEGER, "managedBy": STRING, "manualSelector": BOOLEAN,
        "maxFailedIndexes": INTEGER, "parallelism": INTEGER, "podFailurePolicy": {"rules": [RULE]},
        "podReplacementPolicy": STRING, "suspend": BOOLEAN, "ttlSecondsAfterFinished": INTEGER,
        "template": {"metadata": METADATA, "spec": POD_SPEC},
    },
}

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
PREFIXED = re.compile(r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
SIZE = re.compile(r"[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?")


class Refused(Exception):
    """A reason to refuse an object, with the status and the reason of the API."""

    def __init__(self, message, code=422, reason="Invalid"):
        super().__init__(message)
        self.code, self.reason = code, reason


def check_types(value, kind, path):
    if isinstance(kind, dict):
        if not isinstance(value, dict):
            raise Refused(f"{path}: expected an object", 400, "BadRequest")
        for key, item in value.items():
            if key not in kind:
                place = f"{path}.{key}".lstrip(".")
                raise Refused(f'strict decoding error: unknown field "{place}"', 400, "BadRequest")
            check_types(item, kind[key], f"{path}.{key}")
    elif isinstance(kind, list):
        if not isinstance(value, list):
            raise Refused(f"{path}: expected a list", 400, "BadRequest")
        for number, item in enumerate(value):
            check_types(item, kind[0], f"{path}[{number}]")
    elif isinstance(kind, Map):
        if not isinstance(value, dict):
            raise Refused(f"{path}: expected a map", 400, "BadRequest")
        for key, item in value.items():
            check_types(item, kind.value, f"{path}.{key}")
    elif kind == QUANTITY:
        if not SIZE.fullmatch(str(value)):
            raise Refused(f"{path}: '{value}' is no quantity", 400, "BadRequest")
    elif type(value) is not kind:
        raise Refused(f"{path}: expected {kind.__name__}, found {value!r}", 400, "BadRequest")


def demand(condition, message):
    if not condition:
        raise Refused(message)


def check_metadata(data, path):
    for key, value in data.get("labels", {}).items():
        demand(PREFIXED.fullmatch(key) and VALUE.fullmatch(value), f"{path}.labels: {key}={value}")
    for key in data.get("annotations", {}):
        demand(PREFIXED.fullmatch(key), f"{path}.annotations: {key}")


def check_container(container, volumes, path):
    demand(LABEL.fullmatch(container.get("name", "")), f"{path}.name")
    demand(container.get("image"), f"{path}.image: Required value")
    demand(container.get("terminationMessagePolicy", "File") in ("File", "FallbackToLogsOnError"), f"{path}.terminationMessagePolicy")
    names = set()
    for variable in container.get("env", []):
        demand(re.fullmatch(r"[-._a-zA-Z][-._a-zA-Z0-9]*", variable.get("name", "")), f"{path}.env: {variable}")
        demand(not ("value" in variable and "valueFrom" in variable), f"{path}.env: value and valueFrom: {variable}")
        demand(variable["name"] not in names, f"{path}.env: {variable['name']} twice")
        names.add(variable["name"])
    for mount in container.get("volumeMounts", []):
        demand(mount.get("name") in volumes, f"{path}.volumeMounts: Not found: {mount}")
        demand(mount.get("mountPath", "").startswith("/"), f"{path}.volumeMounts: {mount}")
    resources = container.get("resources", {})
    for key, value in resources.get("requests", {}).items():
        limit = resources.get("limits", {}).get(key)
        demand(limit is None or amount(value) <= amount(limit), f"{path}.resources: {key}: above the limit")


def check_job(job):
    """Raises `Refused` for a Job that the API server would not take."""
    check_types(job, JOB, "")
    check_metadata(job["metadata"], "metadata")
    demand(LABEL.fullmatch(job["metadata"].get("name", "")), "metadata.name: a Job's name is a label")
    spec = job["spec"]
    check_metadata(spec["template"].get("metadata", {}), "spec.template.metadata")
    pod = spec["template"]["spec"]
    demand(pod.get("restartPolicy") in ("Never", "OnFailure"), "spec.template.spec.restartPolicy: Never or OnFailure")
    for key in ("activeDeadlineSeconds", "backoffLimit", "completions", "parallelism", "ttlSecondsAfterFinished"):
        demand(spec.get(key, 1) >= 0, f"spec.{key}: below 0")
    demand(spec.get("podReplacementPolicy", "Failed") in ("Failed", "TerminatingOrFailed"), "spec.podReplacementPolicy")
    if "podFailurePolicy" in spec:
        demand(pod["restartPolicy"] == "Never", "spec.podFailurePolicy: needs restartPolicy Never")
        demand(spec.get("podReplacementPolicy", "Failed") == "Failed", "spec.podReplacementPolicy: must be Failed")
        for rule in spec["podFailurePolicy"]["rules"]:
            demand(rule.get("action") in ("FailJob", "Ignore", "Count", "FailIndex"), f"action: {rule}")
            demand(("onExitCodes" in rule) != ("onPodConditions" in rule), f"one of two: {rule}")
            codes = rule.get("onExitCodes", {"values": [1], "operator": "In"})
            demand(codes["operator"] in ("In", "NotIn"), f"operator: {rule}")
            demand(codes["values"] == sorted(set(codes["values"])) and codes["values"], f"values: {rule}")
            demand(codes["operator"] == "NotIn" or 0 not in codes["values"], f"0 cannot be used with In: {rule}")
    demand(len(pod.get("containers", [])) == 1, "spec.template.spec.containers: this server runs one")
    volumes = {volume["name"] for volume in pod.get("volumes", [])}
    check_container(pod["containers"][0], volumes, "spec.template.spec.containers[0]")
    for taint in pod.get("tolerations", []):
        demand(taint.get("operator", "Equal") in ("Equal", "Exists"), f"toleration: {taint}")
        demand(taint.get("operator") != "Exists" or not taint.get("value"), f"toleration with a value: {taint}")
        demand("tolerationSeconds" not in taint or taint.get("effect") == "NoExecute", f"toleration: {taint}")
        demand(taint.get("effect", "NoExecute") in ("NoSchedule", "PreferNoSchedule", "NoExecute"), f"effect: {taint}")


def amount(text):
    """The number that a quantity stands for."""
    match = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", str(text))
    units = {"": 1, "m": 0.001, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
    return float(match[1]) * units[match[2]]
