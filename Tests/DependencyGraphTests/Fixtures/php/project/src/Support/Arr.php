<?php
namespace App\Support;
class Arr { static function wrap($x) { return array_map(fn (Str $s): Str => $s, $x); } }
