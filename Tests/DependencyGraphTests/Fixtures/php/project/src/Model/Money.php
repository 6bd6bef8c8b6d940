<?php
namespace App\Model;
class Money { }
class Coin extends Money { }
