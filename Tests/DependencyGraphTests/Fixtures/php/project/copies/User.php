<?php
namespace App\Model;
class User { }
