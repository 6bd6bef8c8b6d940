<?php
namespace App\Model;
trait Tracks { function log() {} }
