// Package sops encrypts a Secret's manifest for Git, so that Flux can decrypt
// it: with the sops program and its own rules where it is installed, else for age
// recipients in the form sops writes (github.com/getsops/sops, sops.go and
// aes/cipher.go). sops itself is not imported: it brings the clients of five
// clouds.
package sops

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// encryptedRegex is what of a Secret is encrypted; Flux's own documentation
// gives this one.
const encryptedRegex = "^(data|stringData)$"

// programLimit is how long the sops program may take.
const programLimit = 30 * time.Second

// Seal encrypts a manifest as credential.Draft.Manifest writes it. Without
// recipients the sops program has to know them by its own rules.
func Seal(ctx context.Context, manifest []byte, recipients []string) ([]byte, error) {
	if program, err := exec.LookPath("sops"); err == nil {
		return byProgram(ctx, program, manifest, recipients)
	}
	if len(recipients) == 0 {
		return nil, errors.New("there is no sops program here: name an age recipient (age1…), the public half of the key the Kustomization decrypts with")
	}
	return forAge(manifest, recipients, time.Now())
}

// byProgram hands the manifest over on stdin: neither arguments nor environment
// nor a file hold anything of it.
func byProgram(ctx context.Context, program string, manifest []byte, recipients []string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, programLimit)
	defer cancel()
	args := []string{"--encrypt", "--input-type", "yaml", "--output-type", "yaml", "--encrypted-regex", encryptedRegex}
	if len(recipients) > 0 {
		args = append(args, "--age", strings.Join(recipients, ","))
	}
	cmd := exec.CommandContext(ctx, program, append(args, "/dev/stdin")...)
	cmd.Stdin = bytes.NewReader(manifest)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	if err == nil {
		if why := unsealed(manifest, out.Bytes()); why != "" {
			return nil, fmt.Errorf("sops: what it wrote is not taken: %s; see the program on the PATH (%s) and its rules", why, program)
		}
		return out.Bytes(), nil
	}
	words := fmt.Sprintf("%.300s", strings.Join(strings.Fields(said.String()), " "))
	switch {
	case words == "":
		return nil, fmt.Errorf("sops: %w", err)
	case repeats(words, manifest):
		return nil, fmt.Errorf("sops: %w; what it said holds a value of the Secret and is not repeated", err)
	}
	return nil, fmt.Errorf("sops: %s", words)
}

// forAge writes what sops would for age recipients.
func forAge(manifest []byte, recipients []string, now time.Time) ([]byte, error) {
	var to []age.Recipient
	for _, r := range recipients {
		x, err := age.ParseX25519Recipient(r)
		if err != nil {
			if strings.HasPrefix(strings.ToUpper(r), "AGE-SECRET-KEY") {
				return nil, errors.New("this is the secret half of an age key; the recipient is the public one (age1…)")
			}
			return nil, fmt.Errorf("%.20s… is no age recipient (age1…)", r)
		}
		to = append(to, x)
	}
	key := make([]byte, 32)
	defer clear(key)
	_, _ = rand.Read(key) // it never fails
	body, mac, err := encryptLeaves(manifest, key)
	if err != nil {
		return nil, err
	}
	at := now.UTC().Format(time.RFC3339)
	sealed, err := encryptValue(key, []byte(mac), at)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Write(body)
	b.WriteString("sops:\n    age:\n")
	for i, r := range to {
		locked, err := lockKey(key, r)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "        - recipient: %s\n          enc: |\n            %s\n", recipients[i], strings.ReplaceAll(strings.TrimSpace(locked), "\n", "\n            "))
	}
	fmt.Fprintf(&b, "    lastmodified: %q\n    mac: %s\n    encrypted_regex: %s\n    version: 3.9.4\n", at, sealed, encryptedRegex)
	return b.Bytes(), nil
}

func lockKey(key []byte, to age.Recipient) (string, error) {
	var b bytes.Buffer
	outer := armor.NewWriter(&b)
	inner, err := age.Encrypt(outer, to)
	if err == nil {
		_, err = inner.Write(key)
	}
	if err == nil {
		err = inner.Close()
	}
	if err == nil {
		err = outer.Close()
	}
	return b.String(), err
}

// encryptLeaves encrypts what stands under data and hashes every value on the
// way. The manifest is of our own making: two levels, one value a line, texts
// that need no quotes.
func encryptLeaves(manifest, key []byte) (out []byte, mac string, err error) {
	hash := sha512.New()
	parent := ""
	for line := range bytes.Lines(manifest) {
		line = bytes.TrimRight(line, "\n")
		name, value, ok := bytes.Cut(bytes.TrimLeft(line, " "), []byte(":"))
		if !ok {
			return nil, "", errors.New("the manifest makes no sense")
		}
		value = bytes.TrimSpace(value)
		nested := bytes.HasPrefix(line, []byte(" "))
		switch {
		case len(value) == 0:
			parent = string(name)
			out = append(append(out, line...), '\n')
			continue
		case nested && parent == "data" && string(value) == `""`:
			// sops leaves an empty text as it is.
			out = fmt.Appendf(out, "    %s: \"\"\n", name)
			value = nil
		case nested && parent == "data":
			sealed, err := encryptValue(key, value, parent+":"+string(name)+":")
			if err != nil {
				return nil, "", err
			}
			out = fmt.Appendf(out, "    %s: %s\n", name, sealed)
		default:
			indent := ""
			if nested {
				indent = "    "
			}
			out = fmt.Appendf(out, "%s%s: %s\n", indent, name, value)
			value = bytes.Trim(value, `"`)
		}
		hash.Write(value)
	}
	return out, fmt.Sprintf("%X", hash.Sum(nil)), nil
}

// encryptValue is AES-256-GCM with the place of the value as what it is bound
// to, and a nonce of 32 bytes, as sops writes it.
func encryptValue(key, value []byte, place string) (string, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", err
	}
	const nonce = 32
	gcm, err := cipher.NewGCMWithNonceSize(block, nonce)
	if err != nil {
		return "", err
	}
	iv := make([]byte, nonce)
	_, _ = rand.Read(iv)
	sealed := gcm.Seal(nil, iv, value, []byte(place))
	cut := len(sealed) - gcm.Overhead()
	b64 := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("ENC[AES256_GCM,data:%s,iv:%s,tag:%s,type:str]", b64(sealed[:cut]), b64(iv), b64(sealed[cut:])), nil
}
