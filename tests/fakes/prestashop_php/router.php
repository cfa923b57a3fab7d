<?php
/**
 * What `php -S` answers: the export as the shop serves it, and, under /shop/, what its staff does.
 */
require __DIR__ . '/standins.php';
require getenv('MODULE_FOLDER') . '/thermogestion.php';
require getenv('MODULE_FOLDER') . '/controllers/front/export.php';

$module = new Thermogestion();
switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    case '/module/thermogestion/export':
        (new ThermogestionExportModuleFrontController())->initContent();
        break;
    case '/shop/install':
        echo json_encode($module->install());
        break;
    case '/shop/uninstall':
        echo json_encode($module->uninstall());
        break;
    case '/shop/settings':
        echo $module->getContent();
        break;
    case '/shop/hooks':
        // Those that the module asked for; the others it does not hear. PrestaShop calls some of them many times in one save.
        foreach (json_decode(file_get_contents('php://input'), true) as list($name, $params)) {
            if (isset($params['object'])) {
                $params['object'] = (object) $params['object'];
            }
            if (Configuration::get('HOOK_' . $name)) {
                $module->{'hook' . ucfirst($name)}($params);
            }
        }
        echo 'true';
        break;
    default:
        http_response_code(404);
}
