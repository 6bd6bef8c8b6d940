<?php
return [Old_Thing::class => App\Model\User::class];
