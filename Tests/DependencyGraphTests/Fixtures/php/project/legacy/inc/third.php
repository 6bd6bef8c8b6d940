<?php
use App\Model;
use App\Model\User as Person;
new Model\Order; new person; new Model\Unknown;
