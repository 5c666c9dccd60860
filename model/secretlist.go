package model

// SecretInfo is what a list tells of a Secret without telling what is in it.
type SecretInfo struct {
	Namespace, Name, Type string
	Count                 int // how many keys it has
	// Age is how old it is, in seconds, as coarse as the server writes it; -1 =
	// unknown.
	Age int64
}

// SecretList are the Secrets of one namespace as they were at a moment.
type SecretList struct {
	Namespace string
	Secrets   []SecretInfo
	At        Unix // by the server's clock
}
