<?php
namespace App\Model;
enum Kind: string { case Small = "s"; case Large = "l"; const Order = self::Small; }
