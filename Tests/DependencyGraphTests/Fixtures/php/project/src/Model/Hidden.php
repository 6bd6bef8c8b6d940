<?php
namespace App\Model;
#[\Attribute]
class Hidden { function __construct(int $x) {} }
