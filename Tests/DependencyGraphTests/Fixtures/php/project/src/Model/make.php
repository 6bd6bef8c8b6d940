<?php
namespace App\Model;
function make($kind) { return new Coin; }
