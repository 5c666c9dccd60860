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
//
// # Decisions that were measured
//
//   - One list request per kind, cut into objects while it arrives, rather than
//     pages or streaming lists: it needs one object's memory, no second pass,
//     and was faster than streaming at 8,000 and 14,000 objects. Pages of 500
//     are the fallback for a line on which a list breaks off.
//   - Custom resources are decoded into private structs with the fields that
//     are read. Flux's own types cost no memory to import, but would decode
//     managedFields and fail on older versions; tests marshal them, so field
//     names can't drift.
//   - No discovery before the first lists: the preferred version is asked for,
//     and only a 404 leads to two small discovery documents.
//   - A revoked permission does not end a watch. One SelfSubjectRulesReview
//     every four seconds notices that the rules changed and opens the watches
//     again, which are then refused; that costs 0.02 s of CPU in 30 s.
//   - When the server is back, one list of one object tells whether its state is
//     older than what was read: etcd was restored. A watch from a revision of the
//     future would stay silent, and versions come twice, so all is listed anew.
//   - A watch on which nothing comes for three minutes, bookmarks included, was
//     dropped on the way; one whose events come out of order is listed anew.
//   - A denied kind's objects are deleted, after a second refusal: the state is
//     then what a fresh start would show. A lost server's objects are kept.
package kube
