<?php
/**
 * A product as the payload `thermogestion-powders/1` writes it. Figures are texts: ThermoGestion reads them, says what
 * it does not understand and takes nothing for granted.
 */
class ThermogestionSheet
{
    /** Our fields and the names that the shop's features may have, in lower case and without their unit. */
    const FEATURES = [
        'type' => ['type', 'résine', 'chimie'],
        'finish' => ['finition', 'aspect'],
        'colour_code' => ['ral', 'teinte'],
        'colour_name' => ['couleur', 'nom de teinte'],
        'hex' => ['hex', 'valeur écran'],
        'density' => ['densité'],
        'thickness_um' => ['épaisseur conseillée', 'épaisseur'],
        'consumption_g_per_m2' => ['consommation'],
        'curing_temperature_c' => ['température de cuisson'],
        'curing_minutes' => ['durée de cuisson', 'temps de cuisson'],
        'tare_kg' => ['tare'],
    ];

    public static function of($idProduct, $idLang)
    {
        $product = new Product((int) $idProduct, false, (int) $idLang);
        if (!Validate::isLoadedObject($product) || !$product->active) {
            return ['id' => (int) $idProduct, 'active' => false];
        }
        $said = self::features($product, $idLang);
        $tare = isset($said['tare_kg']) ? $said['tare_kg'] : '';
        unset($said['tare_kg']);
        $said['brand'] = (string) Manufacturer::getNameById((int) $product->id_manufacturer);
        $said['reference'] = (string) $product->reference;
        $formats = self::formats($product, $idLang, $tare);
        $said['price_per_kg'] = self::pricePerKg($product, $formats);

        return [
            'id' => (int) $idProduct,
            'active' => true,
            'url' => Context::getContext()->link->getProductLink($product),
            'updated_at' => date(DATE_ATOM, strtotime($product->date_upd)),
            'powder' => $said,
            'formats' => $formats,
        ];
    }

    private static function features($product, $idLang)
    {
        $words = [];
        foreach ($product->getFrontFeatures((int) $idLang) as $feature) {
            $name = preg_replace('/\s*\([^)]*\)\s*$/u', '', $feature['name']);
            $words[Tools::strtolower(trim($name))] = trim($feature['value']);
        }
        $said = [];
        foreach (self::FEATURES as $ours => $names) {
            foreach ($names as $name) {
                if (isset($words[$name])) {
                    $said[$ours] = $words[$name];
                    break;
                }
            }
        }

        return $said;
    }

    /** The packagings: one for each combination, or the product's own weight. */
    private static function formats($product, $idLang, $tare)
    {
        $formats = [];
        foreach ($product->getAttributeCombinations((int) $idLang) as $row) {
            $net = (float) $product->weight + (float) $row['weight'];
            $formats[$row['id_product_attribute']] = [
                'reference' => (string) $row['reference'],
                'net_kg' => number_format($net, 3, '.', ''),
                'tare_kg' => $tare,
            ];
        }
        if (!$formats && (float) $product->weight > 0) {
            $formats[] = ['reference' => (string) $product->reference,
                'net_kg' => number_format((float) $product->weight, 3, '.', ''), 'tare_kg' => $tare];
        }

        return array_values($formats);
    }

    /** The price without tax nor promotion of a kilogram in the largest packaging, or nothing. */
    private static function pricePerKg($product, $formats)
    {
        $best = '';
        $largest = 0.0;
        foreach ($product->getAttributeCombinations() as $row) {
            $net = (float) $product->weight + (float) $row['weight'];
            if ($net > $largest) {
                $largest = $net;
                $price = self::price($product, (int) $row['id_product_attribute']);
                $best = number_format($price / $net, 2, '.', '');
            }
        }
        if ($best === '' && count($formats) === 1 && (float) $product->weight > 0) {
            $best = number_format(self::price($product) / (float) $product->weight, 2, '.', '');
        }

        return $best;
    }

    /** A promotion ends on its day without any change of the product: the catalogue would keep it. */
    private static function price($product, $idAttribute = null)
    {
        return Product::getPriceStatic((int) $product->id, false, $idAttribute, 6, null, false, false);
    }
}
