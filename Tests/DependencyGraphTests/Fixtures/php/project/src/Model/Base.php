<?php
namespace App\Model;
abstract class Base { function user(): User { return new static; } }
