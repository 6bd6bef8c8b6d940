<?php
namespace App\Model;

use App\Contracts\{HasName, Storable as Stores};
use App\Support\Str, App\Support\Arr as Lists;
use function App\helper;
use const App\LIMIT;

#[\App\Attributes\Table('users'), Hidden(1)]
class User extends Base implements HasName, Stores
{
    use Tracks, \App\Support\Loud { Tracks::log insteadof Loud; Loud::log as protected shout; }

    const Order = 'no class';
    private ?Address $address = null;

    public function name(Order|Invoice $order, int $count = LIMIT): ?Money
    {
        // new Ghost(); use App\Ghost;
        # Ghost::haunt()
        /* instanceof Ghost */
        $text = 'new Ghost()' . "Ghost::class {$this->ghost} {$Ghost}";
        $sql = <<<SQL
            SELECT Ghost::NAME; use App\Ghost; it's
            SQL;
        $plain = <<<'EOT'
new Ghost();
EOT;
        try {
            helper(Lists::wrap($order));
            return new Money(...Str::parts($text));
        } catch (NotFound | \App\Errors\Denied $e) {
            return $order instanceof Credit ? null : namespace\make(Kind::Large, name: 1);
        }
    }
}
