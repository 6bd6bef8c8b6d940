"""A server with the part of the Kubernetes API that `kubectl` needs for Jobs, over HTTP on the loopback address.

usage: server.py FOLDER [--roots PATH,...] [--nodes n1,n2,n3] [--cpu 8] [--memory 8G] [--speed 20]

It writes FOLDER/kubeconfig, prints the line `ready PORT`, and ends on SIGTERM or with its parent. Below /test it has what tests
do to the cluster. It follows the published API and is no Kubernetes: README.md says what it leaves out.
"""

import argparse
import base64
import hashlib
import http.server
import json
import os
import re
import signal
import socketserver
import subprocess
import sys
import threading
import time
import urllib.parse

from cluster import Cluster
from schema import Refused, amount

JOBS = re.compile(r"/apis/batch/v1/namespaces/([^/]+)/jobs(?:/([^/]+))?")
PODS = re.compile(r"/api/v1/namespaces/([^/]+)/pods(?:/([^/]+)(?:/(exec|log))?)?")
GROUPS = {"batch": "v1", "authorization.k8s.io": "v1"}
VERBS = ["create", "delete", "get", "list", "watch"]


def resource(name, kind, namespaced=True, verbs=VERBS):
    return {"name": name, "singularName": name.rstrip("s"), "namespaced": namespaced, "kind": kind, "verbs": verbs}


DISCOVERY = {
    "/version": {"major": "1", "minor": "32", "gitVersion": "v1.32.4", "platform": "linux/amd64"},
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {
        "kind": "APIGroupList", "apiVersion": "v1", "groups": [
            {"name": name, "versions": [{"groupVersion": f"{name}/{version}", "version": version}],
             "preferredVersion": {"groupVersion": f"{name}/{version}", "version": version}}
            for name, version in GROUPS.items()]},
    "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": [
        resource("pods", "Pod"), resource("pods/exec", "PodExecOptions", verbs=["create", "get"]),
        resource("pods/log", "Pod", verbs=["get"]), resource("namespaces", "Namespace", False)]},
    "/apis/batch/v1": {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "batch/v1", "resources": [
        resource("jobs", "Job")]},
    "/apis/authorization.k8s.io/v1": {
        "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "authorization.k8s.io/v1", "resources": [
            resource("selfsubjectaccessreviews", "SelfSubjectAccessReview", False, ["create"])]},
    # From this kubectl learns that the server itself checks fields.
    "/openapi/v3": {"paths": {"apis/batch/v1": {"serverRelativeURL": "/openapi/v3/apis/batch/v1?hash=1"}}},
    "/openapi/v3/apis/batch/v1": {
        "openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1.32.4"},
        "paths": {"/apis/batch/v1/namespaces/{namespace}/jobs/{name}": {"patch": {
            "x-kubernetes-group-version-kind": {"group": "batch", "kind": "Job", "version": "v1"},
            "x-kubernetes-action": "patch",
            "parameters": [{"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}],
            "responses": {"200": {"description": "OK"}}}}}},
}


def selected(labels, selector):
    """Whether labels match a selector of the forms `a=b`, `a in (b,c)` and `a`."""
    for part in re.findall(r"[^,(]+(?:\([^)]*\))?", selector):
        among = re.fullmatch(r"\s*(\S+)\s+in\s+\(([^)]*)\)\s*", part)
        if among:
            if labels.get(among[1]) not in [word.strip() for word in among[2].split(",")]:
                return False
        elif "=" in part:
            key, value = re.split("==?", part, maxsplit=1)
            if labels.get(key.strip()) != value.strip():
                return False
        elif part.strip() not in labels:
            return False
    return True


def public(item):
    """An object as the API shows it, without the marks of this server."""
    if isinstance(item, dict):
        return {key: public(value) for key, value in item.items() if not key.startswith("_")}
    return [public(value) for value in item] if isinstance(item, list) else item


def fields(data):
    """The fields of a protobuf message that hold bytes, by their numbers."""
    found, place = {}, 0

    def number():
        nonlocal place
        value, shift = 0, 0
        while True:
            byte = data[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while place < len(data):
        tag = number()
        size = number()
        if tag & 7 == 2:
            found[tag >> 3] = data[place:place + size]
            place += size
    return found


def access(data):
    """What a SelfSubjectAccessReview asks for, such as `create pods/exec`; kubectl sends it as protobuf."""
    if data[:4] == b"k8s\0":
        wanted = {key: value.decode() for key, value in fields(fields(fields(fields(data[4:])[2])[2])[1]).items()}
        verb, kind, part = wanted[2], wanted[5], wanted.get(6)
    else:
        wanted = json.loads(data)["spec"]["resourceAttributes"]
        verb, kind, part = wanted["verb"], wanted["resource"], wanted.get("subresource")
    return f"{verb} {kind}/{part}" if part else f"{verb} {kind}"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster = None
    # What tests do to the server itself.
    faults = {"denied": set(), "down_until": 0.0, "delay": 0.0, "drops": 0}
    counts = {"lists": 0, "execs": 0, "at_once": 0, "most_at_once": 0, "creates": 0}

    def log_message(self, *_):
        pass

    def answer(self, code, value):
        data = json.dumps(public(value)).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def fail(self, code, reason, message):
        self.answer(code, {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": code,
                           "reason": reason, "message": message})

    def content(self):
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        content = b""
        while True:
            size = int(self.rfile.readline().split(b";")[0], 16)
            content += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return content

    def body(self):
        return json.loads(self.content() or b"null")

    def handle_any(self):
        address = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(address.query)
        try:
            if address.path.startswith("/test/"):
                return self.answer(200, test(self, address.path.split("/")[2:], self.body()))
            if time.monotonic() < self.faults["down_until"]:
                self.close_connection = True
                return self.connection.close()
            time.sleep(self.faults["delay"])
            if address.path in DISCOVERY:
                return self.answer(200, DISCOVERY[address.path])
            if address.path.endswith("/selfsubjectaccessreviews"):
                return self.review()
            for pattern, act in ((JOBS, self.job), (PODS, self.pod)):
                match = pattern.fullmatch(address.path)
                if match:
                    return act(match, query)
            self.fail(404, "NotFound", "the server could not find the requested resource")
        except Refused as refusal:
            self.fail(refusal.code, refusal.reason, str(refusal))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = handle_any

    def review(self):
        is_allowed = access(self.content()) not in self.faults["denied"]
        self.answer(201, {"kind": "SelfSubjectAccessReview", "apiVersion": "authorization.k8s.io/v1", "metadata": {},
                          "spec": {}, "status": {"allowed": is_allowed}})

    def items(self, kind, version, table, namespace, query):
        self.counts["lists"] += 1
        selector = query.get("labelSelector", [""])[0]
        with self.cluster.lock:
            found = [item for (space, _), item in sorted(table.items())
                     if space == namespace and selected(item["metadata"].get("labels", {}), selector)]
            self.answer(200, {"kind": f"{kind}List", "apiVersion": version, "items": found,
                              "metadata": {"resourceVersion": str(self.cluster.version)}})

    def job(self, match, query):
        namespace, name = match[1], match[2]
        cluster = self.cluster
        if self.command == "POST" and name is None:
            job = self.body()
            self.counts["creates"] += 1
            made = cluster.create_job(namespace, job)
            if self.faults["drops"] > 0:
                # The Job is there, and the answer is lost.
                self.faults["drops"] -= 1
                self.close_connection = True
                return self.connection.close()
            return self.answer(201, made)
        if self.command == "GET" and name is None:
            return self.items("Job", "batch/v1", cluster.jobs, namespace, query)
        with cluster.lock:
            job = cluster.jobs.get((namespace, name))
            if job is None:
                raise Refused(f'jobs.batch "{name}" not found', 404, "NotFound")
            if self.command == "DELETE":
                options = self.body() or {}
                job = cluster.delete_job(namespace, name, options.get("propagationPolicy", "Background"))
            return self.answer(200, job)

    def pod(self, match, query):
        namespace, name, part = match[1], match[2], match[3]
        cluster = self.cluster
        if name is None:
            return self.items("Pod", "v1", cluster.pods, namespace, query)
        with cluster.lock:
            pod = cluster.pods.get((namespace, name))
            if pod is None:
                raise Refused(f'pods "{name}" not found', 404, "NotFound")
            running = cluster.running.get(pod["metadata"]["uid"])
            node = cluster.nodes.get(pod["spec"].get("nodeName"))
            if part is None:
                if self.command == "DELETE":
                    self.body()
                    cluster.delete_pod(pod)
                return self.answer(200, pod)
            if node is None or running is None and part == "exec":
                raise Refused(f"pod {name} does not have a host assigned or is not running", 400, "BadRequest")
            if not node.answers:
                raise Refused("error dialing backend: dial tcp 10.0.0.9:10250: connect: no route to host", 500,
                              "InternalError")
        if part == "log":
            with open(f"{cluster.folder}/pods/{pod['metadata']['uid']}/log", "rb") as log:
                text = log.read()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            return self.wfile.write(text)
        return self.execute(pod, running, query["command"])

    # exec, over a WebSocket of the protocol v5.channel.k8s.io

    def execute(self, pod, running, command):
        offered = [word.strip() for word in self.headers.get("Sec-WebSocket-Protocol", "").split(",")]
        if self.headers.get("Upgrade", "").lower() != "websocket" or "v5.channel.k8s.io" not in offered:
            # kubectl then falls back to SPDY, which this server does not have.
            raise Refused("only v5.channel.k8s.io is spoken here", 403, "Forbidden")
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.send_header("Sec-WebSocket-Protocol", "v5.channel.k8s.io")
        self.end_headers()
        self.close_connection = True
        environment, _ = self.cluster.environment(pod, f"{self.cluster.folder}/pods/{pod['metadata']['uid']}")
        counts = self.counts
        try:
            process = subprocess.Popen(
                command, cwd="/", env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, start_new_session=True)
        except OSError as error:
            self.send(3, json.dumps({"status": "Failure", "reason": "InternalError", "code": 500,
                                     "message": f"OCI runtime exec failed: {error}"}).encode())
            return self.send_close()
        entry = (process, self.connection)
        with self.cluster.lock:
            running.execs.append(entry)
            counts["execs"] += 1
            counts["at_once"] += 1
            counts["most_at_once"] = max(counts["most_at_once"], counts["at_once"])
        threads = [threading.Thread(target=self.pump, args=(process.stdout, 1)),
                   threading.Thread(target=self.pump, args=(process.stderr, 2)),
                   threading.Thread(target=self.feed, args=(process.stdin,), daemon=True)]
        for thread in threads:
            thread.start()
        code = process.wait()
        with self.cluster.lock:
            counts["at_once"] -= 1
            if entry in running.execs:
                running.execs.remove(entry)
        for thread in threads[:2]:
            thread.join()
        status = {"metadata": {}, "status": "Success"}
        if code:
            code = 128 - code if code < 0 else code
            status = {"metadata": {}, "status": "Failure", "reason": "NonZeroExitCode",
                      "message": f"command terminated with non-zero exit code: exit status {code}",
                      "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]}}
        try:
            self.send(3, json.dumps(status).encode())
            self.send_close()
        except OSError:
            pass

    def pump(self, stream, channel):
        for data in iter(lambda: stream.read1(1 << 15), b""):
            try:
                self.send(channel, data)
            except OSError:
                pass

    def frame(self, opcode, data):
        size = len(data)
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([size])
        elif size < 1 << 16:
            head += bytes([126]) + size.to_bytes(2, "big")
        else:
            head += bytes([127]) + size.to_bytes(8, "big")
        with self.writing:
            self.connection.sendall(head + data)

    def send(self, channel, data):
        self.frame(2, bytes([channel]) + data)

    def send_close(self):
        self.frame(8, (1000).to_bytes(2, "big"))

    def setup(self):
        super().setup()
        self.writing = threading.Lock()

    def feed(self, stdin):
        """Carries what the client sends to the command."""
        message = b""
        try:
            while True:
                head = self.rfile.read(2)
                if len(head) < 2:
                    break
                size = head[1] & 0x7F
                if size > 125:
                    size = int.from_bytes(self.rfile.read(2 if size == 126 else 8), "big")
                mask = self.rfile.read(4) if head[1] & 0x80 else bytes(4)
                data = self.rfile.read(size)
                whole = int.from_bytes(data, "big") ^ int.from_bytes((mask * (size // 4 + 1))[:size], "big")
                data = whole.to_bytes(size, "big")
                opcode = head[0] & 0x0F
                if opcode == 8:
                    break
                if opcode == 9:
                    self.frame(10, data)
                if opcode not in (0, 1, 2):
                    continue
                message += data
                if not head[0] & 0x80:
                    continue
                if message[:1] == b"\xff" and message[1:2] == b"\x00":
                    break
                if message[:1] == b"\x00":
                    stdin.write(message[1:])
                    stdin.flush()
                message = b""
        except (OSError, ValueError):
            pass
        finally:
            try:
                stdin.close()
            except OSError:
                pass


def test(handler, words, body):
    """What a test asks for: /test/nodes/n1/kill, /test/deny, /test/state and so on."""
    cluster, faults = handler.cluster, handler.faults
    if words[0] == "nodes":
        node, act = words[1], words[2]
        {"kill": cluster.kill, "cut": cluster.cut, "restore": cluster.restore}.get(
            act, lambda name: cluster.evict(name, act))(node)
    elif words[0] == "deny":
        faults["denied"] = set(body)
    elif words[0] == "down":
        faults["down_until"] = time.monotonic() + body
    elif words[0] == "delay":
        faults["delay"] = body
    elif words[0] == "drops":
        faults["drops"] = body
    elif words[0] == "secrets":
        cluster.secrets = {name: {key: base64.b64encode(value.encode()).decode() for key, value in keys.items()}
                           for name, keys in body.items()}
    elif words[0] == "missing":
        cluster.missing_images = set(body)
    elif words[0] == "admit":
        with cluster.lock:
            for job in cluster.jobs.values():
                job["spec"]["suspend"] = False
    with cluster.lock:
        return {"jobs": len(cluster.jobs), "created": cluster.created, "counts": handler.counts,
                "pods": [{"name": pod["metadata"]["name"], "node": pod["spec"].get("nodeName", ""),
                          "phase": pod["status"]["phase"]} for pod in cluster.pods.values()],
                "processes": len(cluster.running)}


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--roots", default="/tmp")
    parser.add_argument("--nodes", default="n1,n2,n3")
    parser.add_argument("--cpu", type=float, default=8)
    parser.add_argument("--memory", type=amount, default=8e9)
    parser.add_argument("--speed", type=float, default=20)
    options = parser.parse_args()
    os.makedirs(f"{options.folder}/pods", exist_ok=True)
    Handler.cluster = Cluster(options.folder, options.nodes.split(","), options.cpu, options.memory, options.speed,
                              options.roots.split(","))
    server = Server(("127.0.0.1", 0), Handler)
    port = server.server_address[1]
    with open(f"{options.folder}/kubeconfig", "w") as file:
        json.dump({
            "apiVersion": "v1", "kind": "Config", "current-context": "loopback",
            "clusters": [{"name": "loopback", "cluster": {"server": f"http://127.0.0.1:{port}"}}],
            "users": [{"name": "tester", "user": {}}],
            "contexts": [{"name": "loopback",
                          "context": {"cluster": "loopback", "user": "tester", "namespace": "default"}}],
        }, file)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    ended, parent = threading.Event(), os.getppid()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    print(f"ready {port}", flush=True)
    while not ended.wait(0.03) and os.getppid() == parent:
        Handler.cluster.step()
    Handler.cluster.stop()
    os._exit(0)


main()
