<?php
/**
 * The classes of PrestaShop that the module uses, as small as it uses them. The shop is a folder: products.json (what is
 * sold), settings.json (its configuration), shop.sqlite (its database). A warning of PHP is an error.
 */
define('_PS_VERSION_', '9.0.0');
define('_DB_PREFIX_', 'ps_');
define('_MYSQL_ENGINE_', 'InnoDB');
define('SHOP', getenv('SHOP_FOLDER'));

set_error_handler(function ($level, $message, $file, $line) {
    throw new ErrorException($message, 0, $level, $file, $line);
});

function read_file($name)
{
    $path = SHOP . '/' . $name;

    return is_file($path) ? json_decode(file_get_contents($path), true) : [];
}

/** MySQL's words for what the module asks, in those of SQLite; its clock may be put forward. */
class Db
{
    const WORDS = [
        '/BIGINT UNSIGNED NOT NULL AUTO_INCREMENT/' => 'INTEGER PRIMARY KEY AUTOINCREMENT',
        '/PRIMARY KEY \(`id_change`\),/' => '',
        '/UNIQUE KEY `\w+` /' => 'UNIQUE ',
        '/\) ENGINE=.*$/s' => ')',
        '/INSERT IGNORE/' => 'INSERT OR IGNORE',
        '/DATE_SUB\(NOW\(\), INTERVAL (\d+) SECOND\)/' => 'SECONDS_AGO($1)',
        '/NOW\(\)/' => 'SECONDS_AGO(0)',
    ];
    private static $one;
    private $base;

    public static function getInstance()
    {
        return self::$one = self::$one ?: new self();
    }

    private function __construct()
    {
        $this->base = new PDO('sqlite:' . SHOP . '/shop.sqlite');
        $this->base->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
        $this->base->sqliteCreateFunction('SECONDS_AGO', function ($seconds) {
            return gmdate('Y-m-d H:i:s', time() + (int) Configuration::get('CLOCK') - $seconds);
        });
        $this->base->exec('CREATE TABLE IF NOT EXISTS ps_product (id_product INTEGER PRIMARY KEY)');
        foreach (read_file('products.json') as $product) {
            $this->base->exec('INSERT OR IGNORE INTO ps_product VALUES (' . (int) $product['id'] . ')');
        }
    }

    public function execute($query)
    {
        return $this->base->exec($this->said($query)) !== false;
    }

    public function executeS($query)
    {
        return $this->base->query($this->said($query))->fetchAll(PDO::FETCH_ASSOC);
    }

    private function said($query)
    {
        return preg_replace(array_keys(self::WORDS), array_values(self::WORDS), $query);
    }
}

class Configuration
{
    public static function get($key)
    {
        $kept = read_file('settings.json');

        return isset($kept[$key]) ? $kept[$key] : false;
    }

    public static function updateValue($key, $value)
    {
        return file_put_contents(SHOP . '/settings.json', json_encode([$key => $value] + read_file('settings.json'))) > 0;
    }

    public static function deleteByName($key)
    {
        $kept = array_diff_key(read_file('settings.json'), [$key => 0]);

        return file_put_contents(SHOP . '/settings.json', json_encode((object) $kept)) > 0;
    }
}

class Tools
{
    public static function getValue($key, $default = false)
    {
        return isset($_POST[$key]) ? $_POST[$key] : (isset($_GET[$key]) ? $_GET[$key] : $default);
    }

    public static function isSubmit($name)
    {
        return self::getValue($name, null) !== null;
    }

    public static function strtolower($text)
    {
        return strtr(strtolower($text), ['É' => 'é']);
    }

    public static function getShopDomainSsl($http)
    {
        return ($http ? 'https://' : '') . 'boutique.exemple';
    }

    public static function getAdminTokenLite($tab)
    {
        return md5($tab);
    }
}

class Validate
{
    public static function isLoadedObject($object)
    {
        return (bool) $object->id;
    }

    public static function isAbsoluteUrl($url)
    {
        return (bool) preg_match('#^https?://#', $url);
    }
}

/** A product of products.json: `features`, `combinations`, `price` (without tax, as sold), `reduced` (what is asked today). */
class Product
{
    public $id;
    public $active;
    public $reference;
    public $weight;
    public $id_manufacturer;
    public $date_upd;
    private $said;

    public function __construct($id, $full, $idLang)
    {
        foreach (read_file('products.json') as $product) {
            if ($product['id'] === $id) {
                $this->said = $product;
                $this->id = $id;
                $this->active = $product['active'];
                $this->reference = $product['reference'];
                $this->weight = $product['weight'];
                $this->id_manufacturer = 1;
                $this->date_upd = $product['date_upd'];
            }
        }
    }

    public function getFrontFeatures($idLang)
    {
        return $this->said['features'];
    }

    public function getAttributeCombinations($idLang = null)
    {
        return $this->said['combinations'];
    }

    public static function getPriceStatic(
        $id,
        $tax,
        $idAttribute = null,
        $decimals = 6,
        $divisor = null,
        $onlyReduction = false,
        $withReduction = true
    ) {
        $product = new self($id, false, 1);
        $price = $product->said['price'];
        foreach ($product->said['combinations'] as $row) {
            $price = $row['id_product_attribute'] === $idAttribute ? $row['price'] : $price;
        }

        return $withReduction ? $price - $product->said['reduction'] : $price;
    }
}

class Combination
{
    public $id_product = 0;

    public function __construct($idAttribute)
    {
        foreach (read_file('products.json') as $product) {
            foreach ($product['combinations'] as $row) {
                $this->id_product = $row['id_product_attribute'] === $idAttribute ? $product['id'] : $this->id_product;
            }
        }
    }
}

class Manufacturer
{
    public static function getNameById($id)
    {
        return 'Thermopoudre';
    }
}

class Link
{
    public function getProductLink($product)
    {
        return 'https://boutique.exemple/poudres/' . $product->id;
    }

    public function getModuleLink($module, $controller, $params, $ssl)
    {
        return "https://boutique.exemple/module/$module/$controller";
    }
}

class Context
{
    public $link;
    public $language;

    public static function getContext()
    {
        $context = new self();
        $context->link = new Link();
        $context->language = (object) ['id' => 1];

        return $context;
    }
}

class Module
{
    public $name;
    public $tab;
    public $version;
    public $author;
    public $bootstrap;
    public $ps_versions_compliancy;
    public $displayName;
    public $description;
    protected $context;

    public function __construct()
    {
        $this->context = Context::getContext();
    }

    public function install()
    {
        return true;
    }

    public function uninstall()
    {
        return true;
    }

    public function registerHook($name)
    {
        return Configuration::updateValue('HOOK_' . $name, true);
    }

    public function displayError($text)
    {
        return '<p class="error">' . $text . '</p>';
    }

    public function displayConfirmation($text)
    {
        return '<p class="confirmation">' . $text . '</p>';
    }
}

class ModuleFrontController
{
    protected $context;

    public function __construct()
    {
        $this->context = Context::getContext();
    }
}

class AdminController
{
    public static $currentIndex = 'index.php?controller=AdminModules';
}

class HelperForm
{
    public $module;
    public $token;
    public $currentIndex;
    public $submit_action;
    public $fields_value;

    public function generateForm($fields)
    {
        return json_encode($this->fields_value);
    }
}
