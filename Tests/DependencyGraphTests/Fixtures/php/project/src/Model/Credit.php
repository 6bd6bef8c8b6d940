<?php
namespace App\Model;
readonly class Credit { }
