<?php namespace App\Model; final class Address { }
