package sops

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
	"sigs.k8s.io/yaml"
)

const manifest = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: \"key\"\n  namespace: \"shop\"\ntype: Opaque\ndata:\n  identity: S0FOQVJJRQ==\n  known_hosts: eA==\n"

// sealing is what a program writes that does as it should, as shell.
const sealing = "cat <<EOF\napiVersion: v1\nkind: Secret\nmetadata:\n  name: key\n  namespace: shop\ntype: Opaque\ndata:\n  identity: ENC[x]\n  known_hosts: ENC[y]\nsops:\n  mac: ENC[z]\nEOF\n"

type sealedSecret struct {
	Data map[string]string
	Sops struct {
		Age          []struct{ Recipient, Enc string }
		LastModified string
		Mac          string
	}
}

var sealedValue = regexp.MustCompile(`^ENC\[AES256_GCM,data:(.*),iv:(.*),tag:(.*),type:str\]$`)

func open(t *testing.T, key []byte, sealed, place string) string {
	t.Helper()
	m := sealedValue.FindStringSubmatch(sealed)
	if m == nil {
		t.Fatalf("%q is not sealed", sealed)
	}
	var parts [3][]byte
	for i := range parts {
		parts[i], _ = base64.StdEncoding.DecodeString(m[i+1])
	}
	block, _ := aes.NewCipher(key)
	gcm, _ := cipher.NewGCMWithNonceSize(block, 32)
	out, err := gcm.Open(nil, parts[1], append(parts[0], parts[2]...), []byte(place))
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// What is sealed opens with the recipient's key alone, and its seal covers
// every value.
func TestForAge(t *testing.T) {
	id, _ := age.GenerateX25519Identity()
	text, err := forAge([]byte(manifest), []string{id.Recipient().String()}, time.Unix(1_800_000_000, 0))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "S0FOQVJJRQ") {
		t.Fatalf("in clear:\n%s", text)
	}
	var s sealedSecret
	if err := yaml.Unmarshal(text, &s); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	r, err := age.Decrypt(armor.NewReader(strings.NewReader(s.Sops.Age[0].Enc)), id)
	if err != nil {
		t.Fatal(err)
	}
	key, _ := io.ReadAll(r)
	if got := open(t, key, s.Data["identity"], "data:identity:"); got != "S0FOQVJJRQ==" {
		t.Errorf("identity: %q", got)
	}
	want := fmt.Sprintf("%X", sha512.Sum512([]byte("v1"+"Secret"+"key"+"shop"+"Opaque"+"S0FOQVJJRQ=="+"eA==")))
	if got := open(t, key, s.Sops.Mac, s.Sops.LastModified); got != want {
		t.Errorf("mac %s, want %s", got, want)
	}
	// What is empty is left so, and nothing after it is taken for something else.
	more := strings.Replace(manifest, "  known_hosts", "  empty: \"\"\n  known_hosts", 1)
	text, err = forAge([]byte(more), []string{id.Recipient().String()}, time.Unix(1_800_000_000, 0))
	s = sealedSecret{}
	if uerr := yaml.Unmarshal(text, &s); err != nil || uerr != nil || s.Data["empty"] != "" || !strings.HasPrefix(s.Data["known_hosts"], "ENC[") {
		t.Errorf("with an empty value: %v %v\n%s", err, uerr, text)
	}
}

func TestWrongRecipients(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	for given, want := range map[string]string{"": "name an age recipient", "AGE-SECRET-KEY-1XYZ": "secret half", "bob": "is no age recipient"} {
		_, err := Seal(context.Background(), []byte(manifest), strings.Fields(given))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "1XYZ") {
			t.Errorf("%q: %v, want %q", given, err, want)
		}
	}
}

// The program gets the secret on stdin and nowhere else; what it writes in
// clear is not taken.
func TestProgram(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	script := func(body string) {
		if err := os.WriteFile(filepath.Join(dir, "sops"), []byte("#!/bin/sh\n"+body), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	log := filepath.Join(dir, "seen")
	script("echo \"$@\" >" + log + "; env >>" + log + "; cat >" + filepath.Join(dir, "in") + "; " + sealing)
	out, err := Seal(context.Background(), []byte(manifest), []string{"age1abc"})
	if err != nil || !strings.Contains(string(out), "ENC[x]") {
		t.Fatalf("%s, %v", out, err)
	}
	seen, _ := os.ReadFile(log)
	if in, _ := os.ReadFile(filepath.Join(dir, "in")); string(in) != manifest || strings.Contains(string(seen), "S0FOQVJJRQ") || !strings.Contains(string(seen), "--age age1abc") {
		t.Errorf("stdin %q, else %s", in, seen)
	}
	for name, wrong := range map[string]string{
		"one value of two":      strings.Replace(sealing, "  known_hosts: ENC[y]", "  known_hosts: eA==", 1),
		"not signed":            strings.Replace(sealing, "  mac: ENC[z]", "  age: []", 1),
		"a second document":     strings.Replace(sealing, "sops:", "sops: {mac: x}\n---\nsops:", 1),
		"a field more":          strings.Replace(sealing, "sops:", "clear: eA==\nsops:", 1),
		"a list for the values": strings.Replace(sealing, "data:\n", "data: [S0FOQVJJRQ==]\nx:\n", 1),
	} {
		script("cat >/dev/null; " + wrong)
		if _, err := Seal(context.Background(), []byte(manifest), nil); err == nil || !strings.Contains(err.Error(), "is not taken") || strings.Contains(err.Error(), "S0FOQVJJRQ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	script("cat >&2; exit 1")
	if _, err := Seal(context.Background(), []byte(manifest), nil); err == nil || strings.Contains(err.Error(), "S0FOQVJJRQ") || !strings.Contains(err.Error(), "is not repeated") {
		t.Errorf("what it said: %v", err)
	}
	script("cat")
	if _, err := Seal(context.Background(), []byte(manifest), nil); err == nil {
		t.Error("what was written in clear was taken")
	}
	script("cat >/dev/null; echo 'no creation rules' >&2; exit 1")
	if _, err := Seal(context.Background(), []byte(manifest), nil); err == nil || !strings.Contains(err.Error(), "no creation rules") {
		t.Error(err)
	}
}
