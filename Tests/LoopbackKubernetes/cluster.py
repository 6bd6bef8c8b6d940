"""A cluster of nodes that are names: the objects, and what controllers, scheduler and kubelets do with them.

Containers are processes of this machine. Time in which a cluster notices that a node is gone runs faster than in a real one.
"""

import base64
import datetime
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid

from schema import Refused, amount, check_job

HERE = os.path.dirname(os.path.abspath(__file__))
# Seconds after which a silent node counts as gone in a real cluster.
NODE_GRACE = 40


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def condition(kind, reason, message="", status="True"):
    return {"type": kind, "status": status, "reason": reason, "message": message, "lastTransitionTime": now()}


class Node:
    def __init__(self, name, cpu, memory):
        self.name, self.cpu, self.memory = name, cpu, memory
        self.labels = {"kubernetes.io/hostname": name}
        self.taints = []
        # Whether the kubelet answers, and since when it does not.
        self.answers, self.silent_since, self.is_ready = True, 0.0, True
        self.is_draining = False


class Running:
    """The container of a pod."""

    def __init__(self, process, log):
        self.process, self.log = process, log
        self.started = time.monotonic()
        self.asked = None
        self.execs = []


class Cluster:
    def __init__(self, folder, nodes, cpu, memory, speed, roots):
        self.lock = threading.RLock()
        self.folder, self.speed, self.roots = folder, speed, roots
        self.nodes = {name: Node(name, cpu, memory) for name in nodes}
        self.jobs, self.pods = {}, {}
        self.running = {}
        self.secrets = {}
        self.missing_images = set()
        self.version = 1
        self.created = 0

    # Objects

    def touch(self, item):
        self.version += 1
        item["metadata"]["resourceVersion"] = str(self.version)

    def create_job(self, namespace, job):
        check_job(job)
        name = job["metadata"]["name"]
        with self.lock:
            if (namespace, name) in self.jobs:
                raise Refused(f'jobs.batch "{name}" already exists', 409, "AlreadyExists")
            identity = str(uuid.uuid4())
            job["metadata"].update(namespace=namespace, uid=identity, creationTimestamp=now(), generation=1)
            own = {"batch.kubernetes.io/controller-uid": identity, "batch.kubernetes.io/job-name": name,
                   "controller-uid": identity, "job-name": name}
            job["spec"]["template"].setdefault("metadata", {}).setdefault("labels", {}).update(own)
            job["spec"]["selector"] = {"matchLabels": {"batch.kubernetes.io/controller-uid": identity}}
            job["status"] = {}
            self.touch(job)
            self.jobs[namespace, name] = job
            self.created += 1
            return job

    def delete_job(self, namespace, name, policy):
        with self.lock:
            job = self.jobs.get((namespace, name))
            if job is None:
                raise Refused(f'jobs.batch "{name}" not found', 404, "NotFound")
            if policy == "Foreground":
                job["metadata"].setdefault("deletionTimestamp", now())
                job["metadata"]["finalizers"] = ["foregroundDeletion"]
                self.touch(job)
            else:
                del self.jobs[namespace, name]
            for pod in self.pods_of(job):
                self.delete_pod(pod)
            return job

    def pods_of(self, job):
        identity = job["metadata"]["uid"]
        return [pod for pod in self.pods.values() if pod["metadata"]["ownerReferences"][0]["uid"] == identity]

    def delete_pod(self, pod, disruption=None):
        if disruption:
            pod["status"].setdefault("conditions", []).append(disruption)
        if "deletionTimestamp" not in pod["metadata"]:
            pod["metadata"]["deletionTimestamp"] = now()
            pod["metadata"]["deletionGracePeriodSeconds"] = pod["spec"].get("terminationGracePeriodSeconds", 30)
        self.touch(pod)

    # Controllers: one pass over everything

    def step(self):
        with self.lock:
            self.watch_nodes()
            for job in list(self.jobs.values()):
                self.control(job)
            for pod in list(self.pods.values()):
                node = self.nodes.get(pod["spec"].get("nodeName"))
                if node is None:
                    self.schedule(pod)
                elif node.answers:
                    self.run(pod)

    def watch_nodes(self):
        for node in self.nodes.values():
            if node.answers:
                node.is_ready = True
                continue
            silence = (time.monotonic() - node.silent_since) * self.speed
            if silence < NODE_GRACE:
                continue
            node.is_ready = False
            for pod in self.pods.values():
                if pod["spec"].get("nodeName") != node.name or "deletionTimestamp" in pod["metadata"]:
                    continue
                if silence > NODE_GRACE + self.tolerance(pod, "node.kubernetes.io/unreachable"):
                    self.delete_pod(pod, condition(
                        "DisruptionTarget", "DeletionByTaintManager",
                        "Taint manager: deleting due to NoExecute taint"))

    def tolerance(self, pod, taint):
        found = [entry.get("tolerationSeconds", float("inf")) for entry in pod["spec"].get("tolerations", [])
                 if entry.get("key") == taint and entry.get("effect", "NoExecute") == "NoExecute"]
        return min(found) if found else 300

    def control(self, job):
        key = job["metadata"]["namespace"], job["metadata"]["name"]
        pods = self.pods_of(job)
        if "deletionTimestamp" in job["metadata"]:
            for pod in pods:
                self.delete_pod(pod)
            self.forget(pods)
            if not pods:
                self.jobs.pop(key, None)
            return
        spec, status = job["spec"], job["status"]
        done = [entry for entry in status.get("conditions", []) if entry["type"] in ("Complete", "Failed")]
        if done:
            self.forget(pods)
            if "ttlSecondsAfterFinished" in spec and time.monotonic() - job["_ended"] > spec["ttlSecondsAfterFinished"]:
                self.delete_job(*key, "Background")
            return
        if spec.get("suspend"):
            return
        if "_started" not in job:
            job["_started"] = time.monotonic()
            status["startTime"] = now()
        if time.monotonic() - job["_started"] > spec.get("activeDeadlineSeconds", float("inf")):
            for pod in pods:
                self.delete_pod(pod)
            self.finish(job, "Failed", "DeadlineExceeded", "Job was active longer than specified deadline")
            return
        failed = [pod for pod in pods if pod["status"].get("phase") == "Failed"]
        self.forget(pods)
        if any(pod["status"].get("phase") == "Succeeded" for pod in pods):
            self.finish(job, "Complete", "CompletionsReached")
            return
        counted = 0
        for pod in failed:
            action = self.action(spec, pod)
            if action == "FailJob":
                kinds = ", ".join(entry["type"] for entry in pod["status"].get("conditions", []))
                self.finish(job, "Failed", "PodFailurePolicy",
                            f"Pod {pod['metadata']['name']} with {kinds} matches a FailJob rule")
                return
            counted += action == "Count"
        if counted > spec.get("backoffLimit", 6):
            self.finish(job, "Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit")
            return
        # With podReplacementPolicy Failed, a pod that is being deleted is not replaced.
        open_pods = [pod for pod in pods if pod["status"].get("phase") not in ("Failed", "Succeeded")]
        if len(open_pods) < spec.get("parallelism", 1):
            self.create_pod(job)

    def forget(self, pods):
        """Removes ended pods that were deleted: the Job has counted them."""
        for pod in pods:
            if "deletionTimestamp" in pod["metadata"] and pod["status"].get("phase") in ("Failed", "Succeeded"):
                self.drop(pod)

    def action(self, spec, pod):
        containers = pod["status"].get("containerStatuses", [{"state": {}}])
        code = containers[0]["state"].get("terminated", {}).get("exitCode")
        kinds = {entry["type"] for entry in pod["status"].get("conditions", []) if entry["status"] == "True"}
        for rule in spec.get("podFailurePolicy", {}).get("rules", []):
            if any(entry["type"] in kinds for entry in rule.get("onPodConditions", [])):
                return rule["action"]
            codes = rule.get("onExitCodes")
            if codes and code and (code in codes["values"]) == (codes["operator"] == "In"):
                return rule["action"]
        return "Count"

    def finish(self, job, kind, reason, message=""):
        job["_ended"] = time.monotonic()
        job["status"].setdefault("conditions", []).append(condition(kind, reason, message))
        self.touch(job)

    def create_pod(self, job):
        template = job["spec"]["template"]
        name = f"{job['metadata']['name']}-{uuid.uuid4().hex[:5]}"
        metadata = {
            "name": name, "namespace": job["metadata"]["namespace"], "uid": str(uuid.uuid4()),
            "creationTimestamp": now(), "labels": dict(template["metadata"].get("labels", {})),
            "annotations": dict(template["metadata"].get("annotations", {})),
            "ownerReferences": [{"apiVersion": "batch/v1", "kind": "Job", "name": job["metadata"]["name"],
                                 "uid": job["metadata"]["uid"], "controller": True, "blockOwnerDeletion": True}],
        }
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": dict(template["spec"]),
               "status": {"phase": "Pending", "conditions": []}}
        self.touch(pod)
        self.pods[metadata["namespace"], name] = pod

    # Scheduler

    def schedule(self, pod):
        if "deletionTimestamp" in pod["metadata"]:
            self.drop(pod)
            return
        wanted = pod["spec"]["containers"][0].get("resources", {}).get("requests", {})
        reasons = {}
        for node in self.nodes.values():
            reason = self.objection(node, pod, wanted)
            if reason is None:
                pod["spec"]["nodeName"] = node.name
                pod["status"]["conditions"] = [condition("PodScheduled", "")]
                self.state(pod, waiting={"reason": "ContainerCreating"})
                return
            reasons[reason] = reasons.get(reason, 0) + 1
        words = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
        message = f"0/{len(self.nodes)} nodes are available: {words}."
        pod["status"]["conditions"] = [condition("PodScheduled", "Unschedulable", message, "False")]

    def objection(self, node, pod, wanted):
        if not node.is_ready or not node.answers and (time.monotonic() - node.silent_since) * self.speed > 10:
            return "node(s) had untolerated taint {node.kubernetes.io/unreachable: }"
        for key, value in pod["spec"].get("nodeSelector", {}).items():
            if node.labels.get(key) != value:
                return "node(s) didn't match Pod's node affinity/selector"
        keys = {entry.get("key") for entry in pod["spec"].get("tolerations", [])}
        for taint in node.taints:
            if taint not in keys:
                return f"node(s) had untolerated taint {{{taint}: }}"
        used = [other["spec"]["containers"][0].get("resources", {}).get("requests", {})
                for other in self.pods.values()
                if other["spec"].get("nodeName") == node.name
                and other["status"]["phase"] not in ("Failed", "Succeeded")]
        for kind, most, default in (("cpu", node.cpu, 1), ("memory", node.memory, 100 << 20)):
            total = sum(amount(entry.get(kind, default)) for entry in used)
            if total + amount(wanted.get(kind, default)) > most:
                return f"Insufficient {kind}"
        return None

    # Kubelet

    def state(self, pod, **state):
        container = pod["spec"]["containers"][0]
        pod["status"]["containerStatuses"] = [{
            "name": container["name"], "image": container["image"], "imageID": "", "ready": "running" in state,
            "restartCount": 0, "started": "running" in state, "state": state,
        }]
        self.touch(pod)

    def run(self, pod):
        identity = pod["metadata"]["uid"]
        running = self.running.get(identity)
        is_deleted = "deletionTimestamp" in pod["metadata"]
        if running is None:
            if is_deleted and self.is_orphan(pod):
                self.drop(pod)
            elif is_deleted and pod["status"]["phase"] == "Pending":
                pod["status"]["phase"] = "Failed"
            elif pod["status"]["phase"] == "Pending":
                self.start(pod)
            return
        status = running.process.poll()
        if status is not None:
            del self.running[identity]
            self.end_execs(running)
            self.ended(pod, status, running)
            return
        deadline = pod["spec"].get("activeDeadlineSeconds", float("inf"))
        if time.monotonic() - running.started > deadline:
            pod["status"].update(reason="DeadlineExceeded",
                                 message="Pod was active on the node longer than the specified deadline")
            is_deleted = True
        if is_deleted:
            grace = pod["spec"].get("terminationGracePeriodSeconds", 30)
            if running.asked is None:
                running.asked = time.monotonic()
                running.process.send_signal(signal.SIGTERM)
            elif time.monotonic() - running.asked > grace:
                running.process.send_signal(signal.SIGUSR1)

    def is_orphan(self, pod):
        owner = pod["metadata"]["ownerReferences"][0]["uid"]
        return all(job["metadata"]["uid"] != owner for job in self.jobs.values())

    def environment(self, pod, folder):
        """The variables of the container; None with a reason if a Secret is missing."""
        result = {"PATH": os.environ["PATH"], "HOME": f"{folder}/home", "TMPDIR": f"{folder}/tmp",
                  "HOSTNAME": pod["metadata"]["name"], "KUBERNETES_SERVICE_HOST": "10.0.0.1"}
        for variable in pod["spec"]["containers"][0].get("env", []):
            value = variable.get("value", "")
            reference = variable.get("valueFrom", {}).get("secretKeyRef")
            if reference:
                secret = self.secrets.get(reference["name"])
                if secret is None:
                    return None, f'secret "{reference["name"]}" not found'
                if reference["key"] not in secret:
                    return None, f"couldn't find key {reference['key']} in Secret default/{reference['name']}"
                value = base64.b64decode(secret[reference["key"]]).decode()
            # As Kubernetes replaces them: `$$` stands for `$`.
            value = re.sub(r"\$\$|\$\(([A-Za-z_][\w.-]*)\)",
                           lambda found: "$" if found[0] == "$$" else result.get(found[1], found[0]), value)
            result[variable["name"]] = value
        return result, None

    def start(self, pod):
        container = pod["spec"]["containers"][0]
        if container["image"] in self.missing_images:
            reason = "ErrImagePull" if pod["status"].setdefault("_pulls", 0) < 5 else "ImagePullBackOff"
            pod["status"]["_pulls"] += 1
            self.state(pod, waiting={"reason": reason, "message": f'Back-off pulling image "{container["image"]}"'})
            return
        folder = f"{self.folder}/pods/{pod['metadata']['uid']}"
        environment, problem = self.environment(pod, folder)
        if environment is None:
            self.state(pod, waiting={"reason": "CreateContainerConfigError", "message": problem})
            return
        for name in ("home", "tmp"):
            os.makedirs(f"{folder}/{name}", exist_ok=True)
        for path in self.volumes(pod):
            os.makedirs(path, exist_ok=True)
        if shutil.which(container["command"][0], path=environment["PATH"]) is None:
            message = f'exec: "{container["command"][0]}": executable file not found in $PATH'
            self.state(pod, terminated={"exitCode": 128, "reason": "StartError", "message": message})
            pod["status"]["phase"] = "Failed"
            return
        with open(f"{folder}/log", "wb") as log:
            process = subprocess.Popen(
                [sys.executable, f"{HERE}/shim.py"] + container["command"] + container.get("args", []), cwd="/",
                env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        self.running[pod["metadata"]["uid"]] = Running(process, f"{folder}/log")
        pod["status"]["phase"] = "Running"
        pod["status"]["startTime"] = now()
        pod["status"]["conditions"].append(condition("Ready", ""))
        self.state(pod, running={"startedAt": now()})

    def volumes(self, pod):
        """The folders of this machine that serve as empty volumes. Others than those of the tests are ignored."""
        paths = [mount["mountPath"] for mount in pod["spec"]["containers"][0].get("volumeMounts", [])]
        return [path for path in paths if any(path.startswith(root) for root in self.roots)]

    def ended(self, pod, status, running):
        with open(running.log, "rb") as log:
            text = log.read().decode(errors="replace")
        code = 128 - status if status < 0 else status
        container = pod["spec"]["containers"][0]
        is_told = container.get("terminationMessagePolicy") == "FallbackToLogsOnError" and code
        reason = pod["status"].pop("_end", "Error" if code else "Completed")
        self.state(pod, terminated={"exitCode": code, "reason": reason,
                                    "message": "\n".join(text.splitlines()[-80:])[-2048:] if is_told else ""})
        # Pods that were told to end before they were ready count as failed, whatever their status.
        is_cut = pod["status"].get("reason") is not None or "deletionTimestamp" in pod["metadata"]
        pod["status"]["phase"] = "Failed" if code or is_cut else "Succeeded"

    def end_execs(self, running):
        for process, connection in running.execs:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except OSError:
                pass
            try:
                connection.shutdown(2)
            except OSError:
                pass

    def drop(self, pod):
        metadata = pod["metadata"]
        self.pods.pop((metadata["namespace"], metadata["name"]), None)
        shutil.rmtree(f"{self.folder}/pods/{metadata['uid']}", ignore_errors=True)
        for path in self.volumes(pod):
            # The folder is shared by all pods here; a program is told to use one with the name of its Job.
            shutil.rmtree(f"{path}/{metadata['labels']['job-name']}", ignore_errors=True)

    # What tests do to the cluster

    def pods_on(self, node):
        return [pod for pod in self.pods.values() if pod["spec"].get("nodeName") == node]

    def kill(self, name):
        """A power cut: all processes of the node end, and nothing answers there."""
        with self.lock:
            self.cut(name)
            for pod in self.pods_on(name):
                running = self.running.get(pod["metadata"]["uid"])
                if running:
                    running.process.send_signal(signal.SIGUSR1)

    def cut(self, name):
        """The node loses its network; its processes go on."""
        with self.lock:
            node = self.nodes[name]
            node.answers, node.silent_since = False, time.monotonic()
            for pod in self.pods_on(name):
                running = self.running.get(pod["metadata"]["uid"])
                for _, connection in running.execs if running else []:
                    try:
                        connection.shutdown(2)
                    except OSError:
                        pass

    def restore(self, name):
        with self.lock:
            self.nodes[name].answers = True

    def evict(self, name, reason):
        """Evicts the pods of a node, or ends their containers for another reason."""
        with self.lock:
            for pod in self.pods_on(name):
                running = self.running.get(pod["metadata"]["uid"])
                if running is None:
                    continue
                if reason == "OOMKilled":
                    pod["status"]["_end"] = reason
                    running.process.send_signal(signal.SIGUSR1)
                elif reason == "Evicted":
                    pod["status"].update(reason="Evicted", message="The node was low on resource: memory.")
                    running.process.send_signal(signal.SIGUSR1)
                else:
                    self.delete_pod(pod, condition("DisruptionTarget", reason, "asked for by a test"))

    def stop(self):
        with self.lock:
            for running in self.running.values():
                running.process.send_signal(signal.SIGUSR1)
                self.end_execs(running)
            for running in self.running.values():
                try:
                    running.process.wait(15)
                except subprocess.TimeoutExpired:
                    running.process.kill()
