<?php
namespace App\Support;
class Str { static function parts(string $string): array { return str_split($string); } }
