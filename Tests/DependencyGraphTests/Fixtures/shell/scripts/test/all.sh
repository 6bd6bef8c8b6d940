#!/bin/sh
. bin/run
