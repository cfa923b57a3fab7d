<?php
/**
 * Signature of the messages exchanged with ThermoGestion: HMAC-SHA256 of the time and of the message.
 */
class ThermogestionSignature
{
    const LASTS = 300;

    public static function make($secret, $stamp, $message)
    {
        return hash_hmac('sha256', $stamp . "\n" . $message, $secret);
    }

    /** Whether a message bears the signature of this secret and is recent. */
    public static function isRight($secret, $stamp, $signature, $message)
    {
        if ($secret === '' || !ctype_digit((string) $stamp) || abs(time() - (int) $stamp) > self::LASTS) {
            return false;
        }

        return hash_equals(self::make($secret, $stamp, $message), (string) $signature);
    }
}
