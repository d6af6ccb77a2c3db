// Package explain says what operations are for: those of the Docker Engine API, of
// Podman's own, and the methods of gRPC that BuildKit, containerd and others have.
//
// The texts are in three files, engine.txt, libpod.txt and grpc.txt, which are read
// at first use. A line of them is one of
//
//	# …          a remark
//	@NAME        errors that several operations have; @any has those of all
//	== GROUP     what follows is of a group; in grpc.txt of a service, by its full
//	             name, or of several that have the same methods
//	NAME         an operation, or a method of the service
//	KEY: VALUE   what is said of it
//	  …          the line before goes on
//
// The keys are
//
//	short        one sentence: what is asked for
//	long         what comes back, who asks for it and when, what surprises
//	since        the first version of the API that has it
//	until        the last one
//	deprecated   the version since which it should not be used
//	cli          commands that ask for it
//	python       what asks for it in docker-py
//	errors       the names of errors that it has, without @
//	404          what a status means, or the name of a code of gRPC
//	raises       of the status before: what docker-py raises, where that is not the usual
//	try          of the status before: what helps
//
// What is not known is left out: an operation without since may be as old as the API.
//
// A Teller says of the exchanges of a session what they are for, and why a client asks for them at
// this point: by what the same client has asked before (why.go); what answers mean (meaning.go); and
// what the connections of a client were for, all together (story.go). None of that depends on what
// comes later, so that it can be said at once.
package explain
