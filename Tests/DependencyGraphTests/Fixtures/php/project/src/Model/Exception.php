<?php
namespace App\Model;
class Exception extends \RuntimeException { }
