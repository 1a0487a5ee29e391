from tests.offline_cache.conftest import folder, store

__all__ = ["folder", "store"]
