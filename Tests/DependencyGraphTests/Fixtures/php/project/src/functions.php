<?php
namespace App {
    const LIMIT = 10, OTHER = 20;
    function helper($x) { return globalHelper($x); }
}
namespace {
    use App\Ghost;
    define("FLAG", true);
    function globalHelper($x) { return new Ghost; }
}
