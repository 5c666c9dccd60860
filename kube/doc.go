// Package kube is everything in tenantry that talks to a cluster: it loads
// kubectl's configuration, lists and watches the kinds of model.Kinds(),
// reduces every object to a model.Object as it arrives and hands them over in
// coalesced batches.
//
//	config, err := flags.Config()           // kubectl's flags → rest.Config
//	session, err := kube.Open(ctx, config, kube.Options{…})
//	for { batch, err := session.Next(ctx) } // the one way out
//
// The path of an object: stream_json.go or stream_proto.go cuts it out of the
// response, a decode_*.go function reduces it, store.go remembers that it
// exists and feed.go holds its last state until Next takes it. The decoded
// API object is garbage as soon as its decode function returns.
package kube
