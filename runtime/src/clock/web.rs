//! The clock of a browser or another JavaScript host. The clock of std is not available there.

use std::time::Duration;

use wasm_bindgen::{JsCast as _, JsValue};

use super::{Clock, SystemClock};
use crate::transport::BoxFuture;

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        // `Date.now()` can decrease when the system clock is set, but not every host has `performance.now()`.
        self.unix_time()
    }

    fn unix_time(&self) -> Duration {
        Duration::try_from_secs_f64(js_sys::Date::now() / 1000.0).unwrap_or_default()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let millis = duration.as_secs_f64() * 1000.0;
        Box::pin(async move {
            let promise = js_sys::Promise::new(&mut |resolve, _reject| {
                let global = js_sys::global();
                let timer = js_sys::Reflect::get(&global, &JsValue::from_str("setTimeout"));
                if let Ok(Ok(timer)) = timer.map(|timer| timer.dyn_into::<js_sys::Function>()) {
                    let _ = timer.call2(&global, &resolve, &JsValue::from_f64(millis));
                } else {
                    // If the host has no timers, the sleep ends at once.
                    let _ = resolve.call0(&JsValue::UNDEFINED);
                }
            });
            let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
        })
    }

    fn jitter(&self) -> f64 {
        js_sys::Math::random()
    }
}
