<?php
namespace App\Attributes;
#[\Attribute]
class Table { function __construct(string $name) {} }
