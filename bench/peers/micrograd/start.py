def start(variant):
    pass
