<?php
spl_autoload_register(fn ($c) => require __DIR__ . "/src/{$c}.php");
\App\helper(null);
