#!/usr/bin/env python3
import common
import logging
import importlib
plugin = importlib.import_module("app.shapes")
