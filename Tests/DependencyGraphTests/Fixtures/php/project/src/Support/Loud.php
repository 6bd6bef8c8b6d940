<?php
namespace App\Support;
trait Loud { function log() {} }
