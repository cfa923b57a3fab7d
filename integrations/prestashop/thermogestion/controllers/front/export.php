<?php
/**
 * GET /module/thermogestion/export?cursor=…&limit=…: a page of changes, for who signs the query and within five minutes.
 */
class ThermogestionExportModuleFrontController extends ModuleFrontController
{
    public $ssl = true;
    const FORMAT = 'thermogestion-powders/1';
    const LARGEST_PAGE = 200;

    public function initContent()
    {
        $secret = (string) Configuration::get('THERMOGESTION_SECRET');
        $cursor = (string) Tools::getValue('cursor', '');
        $limit = (string) Tools::getValue('limit', '100');
        // The message that is signed is the query that ThermoGestion built, whatever the shop's own parameters are.
        $message = http_build_query(['cursor' => $cursor, 'limit' => $limit]);
        $stamp = isset($_SERVER['HTTP_X_THERMOGESTION_TIMESTAMP']) ? $_SERVER['HTTP_X_THERMOGESTION_TIMESTAMP'] : '';
        $given = isset($_SERVER['HTTP_X_THERMOGESTION_SIGNATURE']) ? $_SERVER['HTTP_X_THERMOGESTION_SIGNATURE'] : '';
        if (!ThermogestionSignature::isRight($secret, $stamp, $given, $message)) {
            $this->answer(403, json_encode(['error' => 'signature']), $secret);
        }
        if (($cursor !== '' && !ctype_digit($cursor)) || !ctype_digit($limit)) {
            $this->answer(400, json_encode(['error' => 'cursor or limit']), $secret);
        }
        $limit = max(1, min(self::LARGEST_PAGE, (int) $limit));
        $rows = ThermogestionChanges::after((int) $cursor, $limit);
        $products = [];
        foreach ($rows as $row) {
            $products[] = ThermogestionSheet::of((int) $row['id_product'], (int) $this->context->language->id);
        }
        $last = $rows ? (string) end($rows)['id_change'] : ($cursor === '' ? '0' : $cursor);
        $page = [
            'format' => self::FORMAT,
            'shop' => Tools::getShopDomainSsl(true),
            'cursor' => $last,
            'more' => count($rows) === $limit,
            'products' => $products,
        ];
        $this->answer(200, json_encode($page, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES), $secret);
    }

    private function answer($status, $body, $secret)
    {
        $stamp = (string) time();
        http_response_code($status);
        header('Content-Type: application/json; charset=utf-8');
        header('Cache-Control: no-store');
        header('X-ThermoGestion-Timestamp: ' . $stamp);
        header('X-ThermoGestion-Signature: ' . ThermogestionSignature::make($secret, $stamp, $body));
        echo $body;
        exit;
    }
}
