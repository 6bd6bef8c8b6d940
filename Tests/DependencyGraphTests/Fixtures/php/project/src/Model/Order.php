<?php
namespace App\Model;
use App\Model\Kind as K;
class Order { public K $kind = K::Small; public static function of(USER $u): self { return new self; } }
