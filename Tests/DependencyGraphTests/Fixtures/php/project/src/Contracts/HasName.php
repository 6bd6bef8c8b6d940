<?php
namespace App\Contracts;
interface HasName extends Storable { }
