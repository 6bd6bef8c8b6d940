<?php
namespace App\Model;
class NotFound extends \Exception { }
