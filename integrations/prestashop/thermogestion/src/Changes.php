<?php
/**
 * The journal of changes: one row for each product, whose number grows each time the product changes. A reader that
 * was interrupted asks for what is after the last number that it kept.
 */
class ThermogestionChanges
{
    /** A change may be committed after a later one: the last seconds wait for the next reading. */
    const SETTLING_SECONDS = 5;

    public static function table()
    {
        return '`' . _DB_PREFIX_ . 'thermogestion_change`';
    }

    public static function create()
    {
        $made = Db::getInstance()->execute(
            'CREATE TABLE IF NOT EXISTS ' . self::table() . ' (
                `id_change` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
                `id_product` INT UNSIGNED NOT NULL,
                `date_add` DATETIME NOT NULL,
                PRIMARY KEY (`id_change`),
                UNIQUE KEY `one_row_for_a_product` (`id_product`)
            ) ENGINE=' . _MYSQL_ENGINE_ . ' DEFAULT CHARSET=utf8mb4'
        );

        return $made && Db::getInstance()->execute(
            'INSERT IGNORE INTO ' . self::table() . ' (`id_product`, `date_add`)
             SELECT `id_product`, NOW() FROM `' . _DB_PREFIX_ . 'product` ORDER BY `id_product`'
        );
    }

    public static function drop()
    {
        return Db::getInstance()->execute('DROP TABLE IF EXISTS ' . self::table());
    }

    /** REPLACE gives the product a new, greater number. */
    public static function note($idProduct)
    {
        return Db::getInstance()->execute(
            'REPLACE INTO ' . self::table() . ' (`id_product`, `date_add`) VALUES (' . (int) $idProduct . ', NOW())'
        );
    }

    /** Rows (id_change, id_product) after a number, in order. */
    public static function after($cursor, $limit)
    {
        $rows = Db::getInstance()->executeS(
            'SELECT `id_change`, `id_product` FROM ' . self::table() . '
             WHERE `id_change` > ' . (int) $cursor . '
               AND `date_add` <= DATE_SUB(NOW(), INTERVAL ' . (int) self::SETTLING_SECONDS . ' SECOND)
             ORDER BY `id_change` LIMIT ' . (int) $limit
        );

        return is_array($rows) ? $rows : [];
    }
}
