package serve

import (
	"context"
	"io"
	"net/http"

	"github.com/socktrace/socktrace/wire"
)

// call plays the answer to a call of gRPC, of which the client says body behind what is in: its messages in
// their time, each behind as many of the client's as in the recording.
func (p *player) call(ctx context.Context, w http.ResponseWriter, body io.ReadCloser, in *typed) {
	over := make(chan struct{})
	go func() {
		defer close(over)
		_ = in.hearAll(body) // that a client has left, ctx tells
	}()
	defer func() {
		body.Close()
		<-over
	}()
	p.head(w)
	if a := &p.e.answer; len(a.pieces)+len(a.trailer) > 0 { // a head that is all has the status, and ends the call
		_ = http.NewResponseController(w).Flush() // the client may wait for it; that it has left, ctx tells
	}
	for _, piece := range p.e.answer.pieces {
		if p.wait(ctx, &piece, in) != nil || p.say(w, piece.data) != nil {
			panic(http.ErrAbortHandler)
		}
	}
	if p.end(ctx) != ends || in.await(ctx, p.e.answer.last.typed, false) != nil {
		panic(http.ErrAbortHandler)
	}
	for _, f := range p.e.answer.trailer {
		w.Header().Add(http.TrailerPrefix+f.Name, f.Value)
	}
}

// say sends a message, in which the client's ids are as it knows them. Those are as long as the
// ones of the recording, or they stay: the lengths of all that they are in would be others.
func (p *player) say(w http.ResponseWriter, msg []byte) error {
	if p.hasOthers() {
		if told := p.asTold(msg); len(told) == len(msg) {
			msg = told
		}
	}
	if _, err := w.Write(msg); err != nil {
		return err
	}
	return http.NewResponseController(w).Flush()
}

// thank answers a call with a message in which nothing is set.
func thank(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/grpc")
	_, _ = w.Write(withPrefix(nil)) // a client that has left needs none
	w.Header().Set(http.TrailerPrefix+"Grpc-Status", "0")
}

// codes are those of gRPC for what has a status of HTTP elsewhere (gRPC, "Status codes and their
// use in gRPC").
var codes = map[int]string{
	http.StatusNotImplemented:     "12", // UNIMPLEMENTED
	http.StatusServiceUnavailable: "8",  // RESOURCE_EXHAUSTED
}

// refuse answers a call with an error.
func refuse(w http.ResponseWriter, status int, message string) {
	h := w.Header()
	h.Set("Content-Type", "application/grpc")
	h.Set("Grpc-Status", codes[status])
	h.Set("Grpc-Message", wire.EncodeMessage(message))
	w.WriteHeader(http.StatusOK)
}
