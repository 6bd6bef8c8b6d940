<?php
globalHelper(1);
