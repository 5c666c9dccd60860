package gitremote

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
)

// hashName hashes a name as ssh-keygen -H does.
func hashName(host string) (sum, salt string) {
	key := []byte("0123456789abcdefghij")
	mac := hmac.New(sha1.New, key)
	mac.Write([]byte(host))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil)), base64.StdEncoding.EncodeToString(key)
}
