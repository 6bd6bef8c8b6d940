<?php
namespace App\Errors;
class Denied extends \Exception { }
