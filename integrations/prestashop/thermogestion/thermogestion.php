<?php
/**
 * ThermoGestion: gives the sheets of the shop's powders to ThermoGestion, signed, as they change.
 */
if (!defined('_PS_VERSION_')) {
    exit;
}

require_once __DIR__ . '/src/Signature.php';
require_once __DIR__ . '/src/Changes.php';
require_once __DIR__ . '/src/Sheet.php';

class Thermogestion extends Module
{
    const SECRET_LENGTH = 32;
    /** PrestaShop calls some hooks a dozen times in one save: whoever saves waits for one notice, not for each. */
    private static $told = false;

    public function __construct()
    {
        $this->name = 'thermogestion';
        $this->tab = 'export';
        $this->version = '1.0.0';
        $this->author = 'ThermoGestion';
        $this->bootstrap = true;
        $this->ps_versions_compliancy = ['min' => '1.7.0.0', 'max' => '9.99.99'];
        parent::__construct();
        $this->displayName = 'ThermoGestion';
        $this->description = 'Transmet les fiches des poudres à ThermoGestion, signées, au fil de leurs changements.';
    }

    public function install()
    {
        return parent::install()
            && ThermogestionChanges::create()
            && $this->registerHook('actionProductSave')
            && $this->registerHook('actionProductDelete')
            && $this->registerHook('actionProductAttributeUpdate')
            && $this->registerHook('actionObjectCombinationAddAfter')
            && $this->registerHook('actionObjectCombinationUpdateAfter')
            && $this->registerHook('actionObjectCombinationDeleteAfter')
            && $this->registerHook('actionAfterUpdateProductFormHandler')
            && Configuration::updateValue('THERMOGESTION_SECRET', bin2hex(random_bytes(self::SECRET_LENGTH)))
            && Configuration::updateValue('THERMOGESTION_NOTICE_URL', '');
    }

    public function uninstall()
    {
        return Configuration::deleteByName('THERMOGESTION_SECRET')
            && Configuration::deleteByName('THERMOGESTION_NOTICE_URL')
            && ThermogestionChanges::drop()
            && parent::uninstall();
    }

    public function hookActionProductSave($params)
    {
        $this->changed(isset($params['id_product']) ? $params['id_product'] : 0);
    }

    public function hookActionProductDelete($params)
    {
        $this->changed(isset($params['id_product']) ? $params['id_product'] : 0);
    }

    public function hookActionProductAttributeUpdate($params)
    {
        $combination = new Combination(isset($params['id_product_attribute']) ? (int) $params['id_product_attribute'] : 0);
        $this->changed($combination->id_product);
    }

    public function hookActionObjectCombinationAddAfter($params)
    {
        $this->changed($params['object']->id_product);
    }

    public function hookActionObjectCombinationUpdateAfter($params)
    {
        $this->changed($params['object']->id_product);
    }

    public function hookActionObjectCombinationDeleteAfter($params)
    {
        $this->changed($params['object']->id_product);
    }

    /** PrestaShop 8.1 and later: the page of a product writes its features without any hook of the product itself. */
    public function hookActionAfterUpdateProductFormHandler($params)
    {
        $this->changed(isset($params['id']) ? $params['id'] : 0);
    }

    /** The settings page: the address to give, the secret, the address that is told of changes. */
    public function getContent()
    {
        $said = '';
        if (Tools::isSubmit('submitThermogestion')) {
            $url = trim((string) Tools::getValue('THERMOGESTION_NOTICE_URL'));
            if ($url !== '' && (!Validate::isAbsoluteUrl($url) || strpos($url, 'https://') !== 0)) {
                $said .= $this->displayError('L’adresse de ThermoGestion commence par https://.');
            } else {
                Configuration::updateValue('THERMOGESTION_NOTICE_URL', $url);
                if (Tools::getValue('THERMOGESTION_NEW_SECRET')) {
                    Configuration::updateValue('THERMOGESTION_SECRET', bin2hex(random_bytes(self::SECRET_LENGTH)));
                }
                $said .= $this->displayConfirmation('Enregistré.');
            }
        }

        return $said . $this->form();
    }

    private function form()
    {
        $export = $this->context->link->getModuleLink($this->name, 'export', [], true);
        $helper = new HelperForm();
        $helper->module = $this;
        $helper->token = Tools::getAdminTokenLite('AdminModules');
        $helper->currentIndex = AdminController::$currentIndex . '&configure=' . $this->name;
        $helper->submit_action = 'submitThermogestion';
        $helper->fields_value = [
            'THERMOGESTION_EXPORT' => $export,
            'THERMOGESTION_SECRET' => Configuration::get('THERMOGESTION_SECRET'),
            'THERMOGESTION_NOTICE_URL' => Configuration::get('THERMOGESTION_NOTICE_URL'),
            'THERMOGESTION_NEW_SECRET' => 0,
        ];

        return $helper->generateForm([['form' => [
            'legend' => ['title' => 'ThermoGestion'],
            'input' => [
                ['type' => 'text', 'name' => 'THERMOGESTION_EXPORT', 'label' => 'Adresse de l’export (CATALOGUE_URL)', 'readonly' => true],
                ['type' => 'text', 'name' => 'THERMOGESTION_SECRET', 'label' => 'Secret (CATALOGUE_SECRET)', 'readonly' => true],
                ['type' => 'text', 'name' => 'THERMOGESTION_NOTICE_URL', 'label' => 'Adresse à prévenir des changements',
                    'desc' => 'Par exemple https://app.thermogestion.fr/catalogue/avis/ ; vide : ThermoGestion lit chaque heure.'],
                ['type' => 'switch', 'name' => 'THERMOGESTION_NEW_SECRET', 'label' => 'Changer de secret',
                    'is_bool' => true, 'values' => [['value' => 1, 'label' => 'Oui'], ['value' => 0, 'label' => 'Non']]],
            ],
            'submit' => ['title' => 'Enregistrer'],
        ]]]);
    }

    /** Note the change, and tell ThermoGestion without holding the shop up: the journal keeps what nobody heard. */
    private function changed($idProduct)
    {
        if ((int) $idProduct <= 0) {
            return;
        }
        ThermogestionChanges::note((int) $idProduct);
        $url = (string) Configuration::get('THERMOGESTION_NOTICE_URL');
        if ($url === '' || self::$told) {
            return;
        }
        self::$told = true;
        $body = json_encode(['changed' => (int) $idProduct]);
        $stamp = (string) time();
        $signature = ThermogestionSignature::make((string) Configuration::get('THERMOGESTION_SECRET'), $stamp, $body);
        $call = curl_init($url);
        curl_setopt_array($call, [
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => $body,
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_TIMEOUT => 2,
            CURLOPT_HTTPHEADER => [
                'Content-Type: application/json',
                'X-ThermoGestion-Timestamp: ' . $stamp,
                'X-ThermoGestion-Signature: ' . $signature,
            ],
        ]);
        curl_exec($call);
    }
}
