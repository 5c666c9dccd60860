package ui

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/ui/archive"
)

// serviceAccountToken are Secrets the cluster makes for an account: another
// cluster has no use for one.
const serviceAccountToken = "kubernetes.io/service-account-token"

// encrypt takes the Secrets the objects refer to into the export, encrypted.
// Their contents are read for that and for nothing else; --secrets says so.
// What something in the cluster writes again by itself is left to it.
func (e *exporting) encrypt(ctx context.Context, x *exporter, set *export.Set, before *archive.Folder) error {
	if !e.began {
		var names []string
		for _, s := range set.Secrets {
			names = append(names, s.Namespace+"/"+s.Name)
		}
		if len(names) > 0 {
			fmt.Fprintf(e.talk, "--secrets %s: the contents of %s are read, to be encrypted: %s\n", SecretsEncrypted, countWords(len(names), "Secret"), clean(strings.Join(names, ", ")))
		}
	}
	for _, s := range set.Secrets {
		folder, ok := x.spaces[s.Namespace]
		if !ok {
			continue
		}
		if err := e.encryptOne(ctx, x, set, before, folder, s); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporting) encryptOne(ctx context.Context, x *exporter, set *export.Set, before *archive.Folder, folder string, s export.Secret) error {
	stored, err := e.c.Secret(ctx, s.Namespace, s.Name)
	defer stored.Wipe()
	var refused *model.RequestError
	switch {
	case errors.As(err, &refused) && refused.Reason == model.RequestForbidden:
		x.holes = append(x.holes, refused.Text)
		return nil
	case err != nil:
		return err
	case stored == nil || stored.Type == serviceAccountToken:
		return nil
	case stored.Owner != "":
		set.Left = append(set.Left, export.Left{Kind: "Secret", Namespace: s.Namespace, Name: s.Name, Maker: stored.Owner})
		return nil
	}
	one := export.Encrypted{Path: path.Join(folder, "2_secrets", folderName(s.Name)+".yaml"), Namespace: s.Namespace, Name: s.Name,
		Version: strings.Join(append([]string{stored.UID, stored.Version}, e.Recipients...), " ")}
	if spread(x, folder) { // two namespaces may have one of the same name
		one.Path = path.Join(folder, "2_secrets", s.Namespace+"_"+folderName(s.Name)+".yaml")
	}
	if !asBefore(before, one) {
		manifest, err := stored.Manifest(s.Namespace, s.Name)
		if err != nil {
			x.holes = append(x.holes, fmt.Sprintf("Secret %s/%s is not exported: %s", s.Namespace, s.Name, err))
			return nil
		}
		defer clear(manifest)
		if one.Text, err = e.Seal(ctx, manifest, e.Recipients); err != nil {
			return fmt.Errorf("the Secret %s/%s can't be encrypted: %w", s.Namespace, s.Name, err)
		}
	}
	set.Encrypted = append(set.Encrypted, one)
	return nil
}

// spread reports whether a folder is of several namespaces.
func spread(x *exporter, folder string) bool {
	n := 0
	for _, f := range x.spaces {
		if f == folder {
			n++
		}
	}
	return n > 1
}

// asBefore reports whether the folder holds a Secret as it is, encrypted for
// the same recipients.
func asBefore(before *archive.Folder, one export.Encrypted) bool {
	if before == nil {
		return false
	}
	return slices.Contains(before.Encrypted, archive.Encrypted{Secret: one.Namespace + "/" + one.Name, File: one.Path, Version: one.Version}) &&
		slices.Contains(before.Sealed, archive.Sealed{File: one.Path, Namespace: one.Namespace, Name: one.Name})
}
