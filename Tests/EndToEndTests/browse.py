#!/usr/bin/env python3
"""Drive a browser over the DevTools protocol, by its pipe.

usage: browse.py CHROMIUM FOLDER URL < steps

Each line of the steps is a JSON object with one of:
  {"go": "#graph"}             change the part of the address after #
  {"wait": "EXPRESSION"}       wait until a JavaScript expression is true, at most 30 seconds
  {"print": "EXPRESSION"}      print the value of an expression
  {"click": "SELECTOR"}        click the middle of an element with the mouse
  {"shot": "NAME"}             save a picture in the folder
  {"dark": true}               prefer dark colours, or light ones
  {"width": 400}               show the page as a phone of this width does
  {"requests": true}           print the hosts of all requests so far
Exits with 1 at the first step that fails, and says which one.
"""

import base64
import json
import os
import subprocess
import sys
import time
import urllib.parse


class Browser:
    def __init__(self, program, folder):
        self.folder = folder
        to_read, self.to_write = os.pipe()
        self.from_read, from_write = os.pipe()
        command = [
            program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
            "--window-size=1200,800", "--remote-debugging-pipe", "--user-data-dir=" + os.path.join(folder, "profile"), "about:blank",
        ]

        def place_pipes():
            # The browser reads from 3 and writes to 4. The numbers may be those of the other pipe.
            read, write = os.dup(to_read), os.dup(from_write)
            os.dup2(read, 3)
            os.dup2(write, 4)
            os.set_inheritable(3, True)
            os.set_inheritable(4, True)

        self.process = subprocess.Popen(
            command, preexec_fn=place_pipes, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(from_write)
        self.number = 0
        self.rest = b""
        self.hosts = set()
        self.session = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.ask(domain + ".enable")

    def message(self):
        while b"\0" not in self.rest:
            data = os.read(self.from_read, 1 << 16)
            if not data:
                sys.exit("the browser has ended")
            self.rest += data
        line, self.rest = self.rest.split(b"\0", 1)
        found = json.loads(line)
        if found.get("method") == "Network.requestWillBeSent":
            url = urllib.parse.urlsplit(found["params"]["request"]["url"])
            if url.scheme in ("http", "https", "ws", "wss"):
                self.hosts.add(url.hostname)
        return found

    def ask(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_write, json.dumps(message).encode() + b"\0")
        while True:
            found = self.message()
            if found.get("id") == self.number:
                if "error" in found:
                    sys.exit(f"{method}: {found['error']}")
                return found["result"]

    def value(self, expression):
        result = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            return None
        return result["result"].get("value")

    def wait(self, expression):
        deadline = time.monotonic() + 30
        while not self.value(expression):
            if time.monotonic() > deadline:
                text = self.value("document.body ? document.body.innerText : ''")
                sys.exit(f"waited in vain: {expression}\n{text}")
            time.sleep(0.05)

    def click(self, selector):
        place = (
            f"(() => {{ const node = document.querySelector({json.dumps(selector)}); node.scrollIntoView();"
            " const box = node.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()")
        self.wait(f"document.querySelector({json.dumps(selector)}) !== null")
        x, y = self.value(place)
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def step(self, step):
        (kind, value), = step.items()
        if kind == "go":
            self.value(f"location.hash = {json.dumps(value)}")
        elif kind == "wait":
            self.wait(value)
        elif kind == "print":
            print(self.value(value), flush=True)
        elif kind == "click":
            self.click(value)
        elif kind == "shot":
            data = self.ask("Page.captureScreenshot", format="png")["data"]
            with open(os.path.join(self.folder, value + ".png"), "wb") as file:
                file.write(base64.b64decode(data))
        elif kind == "dark":
            scheme = "dark" if value else "light"
            self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        elif kind == "width":
            self.ask("Emulation.setDeviceMetricsOverride", width=value, height=800, deviceScaleFactor=1, mobile=True)
        elif kind == "requests":
            print(" ".join(sorted(self.hosts)), flush=True)
        else:
            sys.exit(f"unknown step: {kind}")


def main():
    program, folder, url = sys.argv[1:]
    browser = Browser(program, folder)
    try:
        browser.ask("Page.navigate", url=url)
        for line in sys.stdin:
            if line.strip():
                browser.step(json.loads(line))
    finally:
        browser.process.terminate()
        browser.process.wait()


main()
