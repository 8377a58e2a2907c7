"""AppSync's real-time endpoint: GraphQL subscriptions over WebSocket.

Source: AWS AppSync Developer Guide, "Building a real-time WebSocket client", which gives the URL's parameters, the
sub-protocols and every message; "Defining enhanced subscriptions filters" and "Unsubscribing WebSocket connections
using filters", which say who gets a message and whose subscription ends.

The guide does not say what a client sees of an invalidation: here the subscription gets `complete`, as after `stop`,
and the connection stays, with whatever else was subscribed on it. A client must not count on either.
"""
