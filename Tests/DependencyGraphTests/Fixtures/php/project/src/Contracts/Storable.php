<?php
namespace App\Contracts;
interface Storable { }
