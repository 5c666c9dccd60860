package ui

import (
	"tenantry/model/fluxsync"
	"tenantry/themes"
)

// secretWords say what is known of a sync's pull secret. What is in a Secret is
// not read for that.
func (l *liveInstance) secretWords(s fluxsync.Spec) (string, themes.Role) {
	state, words := fluxsync.Secret(s, l.secrets, l.secretsWhy)
	switch state {
	case fluxsync.SecretMissing, fluxsync.SecretWrong:
		return words, themes.Bad
	case fluxsync.SecretUnknown:
		return words, themes.Caution
	}
	return words, themes.Text
}
