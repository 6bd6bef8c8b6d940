<?php
require_once __DIR__ . '/inc/first.php';
require dirname(__FILE__) . "/inc/second.php";
include_once(dirname(__DIR__) . '/bootstrap.php');
if (FLAG) { include 'inc/third.php'; }
require $root . '/views/page.phtml';
require __DIR__ . '/inc/' . $name . '.php';
$text = "require 'inc/never.php'";
class Old_Thing extends Old_Base { function f(Closure $c) { return function () use ($c) { return App\OTHER; }; } }
